import { Alert, CloseButton, Group, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { asProblem, isAbort } from '#web/api/problem.ts';
import { uploadEndpoint } from '#web/api/upload.ts';
import { useInvalidate } from '#web/api/use-endpoint.ts';
import { FileDrop } from '#web/kit/file-drop.tsx';
import { formatBytes } from '#web/kit/format.ts';
import { ProgressRow } from '#web/kit/progress-row.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { endingsOf } from './endings.ts';
import type { Status } from './status.ts';

/** Files sent at once; the rest wait their turn. */
const AT_ONCE = 2;
const FILES_MAX = 100;

interface Sending { key: number; file: File; share: number; state: 'waiting' | 'running' | 'failed'; failure: string | null; abort: AbortController }

/** Drop files and watch them leave; from then on each is a row of the table with its own progress. */
export const UploadPanel = ({ limits }: { limits: Status['limits'] }) => {
  const uploads = useUploads();
  const accept = limits.formats.flatMap(endingsOf);
  return (
    <Stack gap="sm">
      <FileDrop accept={accept} bytesMax={limits.document_bytes} filesMax={FILES_MAX} onFiles={uploads.add} />
      <Text size="xs" c="dimmed">{formatBytes(limits.bytes)} in all. Each document is paid for once, when it is indexed.</Text>
      {uploads.sending.map((upload) => (
        <Group key={upload.key} wrap="nowrap" gap="xs">
          <div style={{ flex: 1, minWidth: 0 }}>
            <ProgressRow
              title={upload.file.name} state={upload.state} stage="Uploading" done={Math.round(upload.share * 100)} total={100} failure={upload.failure}
              onCancel={() => { uploads.drop(upload); }} onRetry={() => { uploads.retry(upload); }}
            />
          </div>
          {upload.state === 'failed' && <CloseButton aria-label={`Dismiss ${upload.file.name}`} onClick={() => { uploads.drop(upload); }} />}
        </Group>
      ))}
      {uploads.sending.some(({ state }) => state !== 'failed') && <Alert color="gray" variant="light">Stay on this page until the files have been sent. Reading them goes on without you.</Alert>}
    </Stack>
  );
};

let keys = 0;

/** A short queue of uploads. Refusals stay on the screen until they are dismissed. */
const useUploads = () => {
  const id = useRouteParam('sub');
  const invalidate = useInvalidate();
  const [sending, setSending] = useState<readonly Sending[]>([]);
  const current = useRef<readonly Sending[]>([]);
  const write = (next: readonly Sending[]) => { current.current = next; setSending(next); };
  const change = (key: number, patch: Partial<Sending>) => { write(current.current.map((upload) => (upload.key === key ? { ...upload, ...patch } : upload))); };

  const send = async (upload: Sending) => {
    const body = new FormData();
    body.append('file', upload.file, upload.file.name);
    try {
      const { refused: [refused] } = await uploadEndpoint(knowledgeEndpoints.addDocuments, { params: { subscriptionId: id }, body } as never, {
        signal: upload.abort.signal, onProgress: (share) => { change(upload.key, { share }); },
      });
      if (refused) change(upload.key, { state: 'failed', failure: refused.message });
      else write(current.current.filter(({ key }) => key !== upload.key));
    } catch (error) {
      if (isAbort(error)) return;
      const problem = asProblem(error);
      change(upload.key, { state: 'failed', failure: problem.detail || problem.title });
    } finally {
      void invalidate(knowledgeEndpoints.listDocuments, knowledgeEndpoints.status);
      next();
    }
  };

  const next = () => {
    const running = current.current.filter(({ state }) => state === 'running').length;
    for (const upload of current.current.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, AT_ONCE - running))) {
      change(upload.key, { state: 'running' });
      void send(upload);
    }
  };

  return {
    sending,
    add: (files: readonly File[]) => {
      write([...current.current, ...files.map((file): Sending => ({ key: keys++, file, share: 0, state: 'waiting', failure: null, abort: new AbortController() }))]);
      next();
    },
    retry: (upload: Sending) => { change(upload.key, { state: 'waiting', failure: null, share: 0, abort: new AbortController() }); next(); },
    drop: (upload: Sending) => { upload.abort.abort(); write(current.current.filter(({ key }) => key !== upload.key)); next(); },
  };
};
