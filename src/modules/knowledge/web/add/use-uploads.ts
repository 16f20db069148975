import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { uploadEndpoint } from '#web/api/upload.ts';
import { useInvalidate } from '#web/api/use-endpoint.ts';
import { actingOrganization } from '#web/session/acting-organization.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { sourceEndpoints } from '#modules/knowledge/sources/contract.ts';
import { UploadQueue, type UploadState } from './upload-queue.ts';

/**
 * The queues of this page, by subscription. They live outside React because sending goes on while people look at other
 * parts of the console; a queue nobody looks at any more is empty and costs nothing.
 */
const queues = new Map<string, UploadQueue>();

const queueOf = (subscriptionId: string): UploadQueue => {
  const known = queues.get(subscriptionId);
  if (known !== undefined) return known;
  const organizationId = actingOrganization();
  const queue = new UploadQueue(async (file, options) => {
    const body = new FormData();
    body.append('file', file, file.name);
    const { refused: [refused] } = await uploadEndpoint(knowledgeEndpoints.addDocuments, { params: { subscriptionId }, body } as never, { ...options, organizationId });
    return refused ?? null;
  });
  queues.set(subscriptionId, queue);
  queue.subscribe(() => { warnBeforeLeaving(); });
  return queue;
};

const ask = (event: BeforeUnloadEvent) => { event.preventDefault(); };
let asking = false;

/** The browser asks before the page is closed while files are on their way: they would have to be chosen again. */
const warnBeforeLeaving = (): void => {
  const busy = [...queues.values()].some((queue) => queue.state().uploads.some(({ state }) => state !== 'failed'));
  if (busy === asking) return;
  asking = busy;
  if (busy) addEventListener('beforeunload', ask);
  else removeEventListener('beforeunload', ask);
};

export interface Uploads extends UploadState {
  add: (files: readonly File[]) => void;
  drop: (keys: readonly number[]) => void;
  retry: (keys: readonly number[]) => void;
}

/** The files on their way to a subscription's knowledge, and the way to send more. */
export const useUploads = (subscriptionId: string): Uploads => {
  const queue = queueOf(subscriptionId);
  const invalidate = useInvalidate();
  const settled = useEffectEvent(() => { void invalidate(knowledgeEndpoints.listDocuments, knowledgeEndpoints.status, sourceEndpoints.listSources); });
  useEffect(() => queue.onSettled(() => { settled(); }), [queue]);
  const state = useSyncExternalStore(queue.subscribe, queue.state);
  return { ...state, add: (files) => { queue.add(files); }, drop: (keys) => { queue.drop(keys); }, retry: (keys) => { queue.retry(keys); } };
};
