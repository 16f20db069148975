import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { endpointKey, invalidateEndpoint } from '#web/api/use-endpoint.ts';
import { useActingOrganization } from '#web/session/acting-organization.ts';
import { providerEndpoints, type DraftPatch, type ProductDraft } from '../../../contract.ts';
import { createDraftSaver, type DraftView, type SaveState } from './draft-saver.ts';

export interface OpenDraft {
  view: DraftView;
  /** What the seller sees: the stored draft with what is not saved yet on top. */
  draft: ProductDraft;
  saving: SaveState;
  change: (patch: DraftPatch) => void;
  flush: () => Promise<void>;
  /** Takes over an answer of another call that changed the draft, such as an import. */
  replace: (view: DraftView) => void;
}

/** A draft that saves itself. `read` is what was read; later answers of the server replace it in the cache. */
export const useDraft = (productId: string, read: DraftView): OpenDraft => {
  const client = useQueryClient();
  const organizationId = useActingOrganization();
  const key = useMemo(() => endpointKey(providerEndpoints.getDraft, { params: { productId } }, organizationId), [productId, organizationId]);
  const replace = useCallback((next: DraftView) => {
    client.setQueryData(key, next);
    void invalidateEndpoint(client, providerEndpoints.listProducts);
    void invalidateEndpoint(client, providerEndpoints.getSellerProduct);
  }, [client, key]);
  const saver = useMemo(() => createDraftSaver({
    send: async (body) => callEndpoint(providerEndpoints.saveDraft, { params: { productId }, body }), onSaved: replace,
  }), [productId, replace]);
  const saving = useSyncExternalStore(saver.subscribe, saver.state);

  // Whoever leaves by a link takes the last words along; whoever closes the page is asked.
  useEffect(() => () => { void saver.flush(); }, [saver]);
  const open = saving.status !== 'saved';
  useEffect(() => {
    if (!open) return undefined;
    const ask = (event: BeforeUnloadEvent) => { void saver.flush(); event.preventDefault(); };
    window.addEventListener('beforeunload', ask);
    return () => { window.removeEventListener('beforeunload', ask); };
  }, [open, saver]);

  // The cache tells its readers a moment after it has an answer. Drawn from what was read before, the form would for that
  // moment show the old words, and a change made then would be based on them.
  const view = client.getQueryData<DraftView>(key) ?? read;
  const draft = useMemo(() => {
    const { step: _, ...parts } = saving.unsaved;
    return { ...view.draft, ...parts };
  }, [view.draft, saving.unsaved]);
  return { view, draft, saving, change: saver.change, flush: saver.flush, replace };
};
