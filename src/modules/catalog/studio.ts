import type { Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { getFlow } from '#modules/flows/index.ts';
import { draftRow, getDraft, type DraftView } from './drafts.ts';
import type { NamedModels } from './model-findings.ts';
import type { Studio } from './ports.ts';
import { problems } from './problems.ts';
import { ownProduct } from './seller-products.ts';
import type { designEndpoints } from './studio-contract.ts';

type Endpoints = typeof designEndpoints;

const NOTHING_YET = { description: '', data: { nodes: [], edges: [], viewport: { x: 0, y: 0, zoom: 1 } } };

/** Takes a flow into a draft like a file that was uploaded. */
export type TakeIn = (process: Process, productId: string, definition: unknown, name: string) => Promise<void>;

/** Handing a draft's flow to the visual editor and back. `studio` is null where the operator runs none. */
export function designInStudio(files: FileStore, studio: Studio | null, takeIn: TakeIn, models: NamedModels) {
  const available = (): Studio => {
    if (!studio) throw new Problem(problems['no-studio']);
    return studio;
  };
  /** The same flow for the same product, in the folder of its organization. */
  const placeOf = (process: Process, productId: string) => ({ id: uuidFrom('studio', process.tenant, productId), place: `tenant_${process.tenant}_products` });

  return {
    state: async (): Promise<Output<Endpoints['state']>> => ({ available: studio !== null }),

    async open(process: Process, { params: { productId }, body }: Input<Endpoints['open']>): Promise<Output<Endpoints['open']>> {
      const { product, flow } = await process.run(async (ctx) => {
        const own = await ownProduct(ctx, productId);
        const { draft } = await draftRow(ctx, own);
        return { product: own, flow: draft.flowId === null ? null : await getFlow(ctx, draft.flowId) };
      });
      const editor = available();
      const place = placeOf(process, productId);
      const known = body.replace ? null : await told(async () => editor.find(place, process.signal));
      if (known) return { url: known.url, kept: true };
      const bytes = flow?.fileKey && flow.definition.origin.format === 'langflow' ? await files.get(flow.fileKey) : null;
      const name = product.name || 'New product';
      const definition: unknown = bytes ? JSON.parse(Buffer.from(bytes).toString('utf8')) : { ...NOTHING_YET, name };
      const { url } = await told(async () => editor.open({ ...place, name, definition }, process.signal));
      return { url, kept: false };
    },

    async importBack(process: Process, { params }: Input<Endpoints['importBack']>): Promise<DraftView> {
      const { name } = await process.run(async (ctx) => {
        const own = await ownProduct(ctx, params.productId);
        await draftRow(ctx, own);
        return own;
      });
      const editor = available();
      const place = placeOf(process, params.productId);
      const known = await told(async () => editor.find(place, process.signal));
      if (!known) throw new Problem(kernel['not-found'], 'This product has no flow in Studio yet. Open it there first.');
      await takeIn(process, params.productId, await told(async () => editor.read(known.reference, process.signal)), `${name || 'studio'}.json`);
      return getDraft(process, { params }, models);
    },
  };
}

/** What the editor says when it cannot: its words are for the seller. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // The port belongs to a later module, so its errors are known by their name.
    if (error instanceof Error && error.name === 'RemoteError') throw new Problem(problems['studio-failed'], error.message, { cause: error });
    throw error;
  }
}
