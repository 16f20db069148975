import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Authenticator } from '#platform/http/authenticator.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { proposeCapabilities } from '#modules/capabilities/index.ts';
import {
  findTemplate, getFlow, importFlow, importProblem, storeFlow, storeFlowFile, type FlowTemplate, type ImportOptions, type ImportResult, type StoredFile,
} from '#modules/flows/index.ts';
import { providers } from '#modules/identity/index.ts';
import { categoryNamed } from './categories.ts';
import { Draft, type ProductDraft, type providerEndpoints, type studioEndpoints } from './contract.ts';
import { changeDraft, draftRow, getDraft, newestVersion, numberedVersion } from './drafts.ts';
import { forgetFlow } from './forget-flow.ts';
import type { NamedModels } from './model-findings.ts';
import { problems } from './problems.ts';
import { readUpload } from './read-upload.ts';
import { readCapabilities, subcategoryOf } from './read-capabilities.ts';
import { ownProduct, startProduct } from './seller-products.ts';
import { cleanText, storable } from './storable.ts';
import { productDrafts } from './tables.ts';

type Seller = typeof providerEndpoints;

const UPLOAD_BYTES_MAX = 25 * 1024 * 1024;
const TemplateChoice = z.strictObject({ template: z.string().max(60) });
/** Which operations or tools of a file to take, by their ids. */
const OperationChoice = z.array(z.string().max(300)).max(2000);
const Rechoice = z.strictObject({ operations: OperationChoice });

/** Bringing flows in, from files, templates and Studio, and handing the file back. */
export function flowImport(files: FileStore, authenticator: Pick<Authenticator, 'role'>, models: NamedModels) {
  /** Stores the file, then runs the transaction that refers to it; without the one there is not the other. */
  const withFile = async <T>(tenant: string, definition: unknown, name: string, work: (file: StoredFile) => Promise<T>): Promise<T> => {
    const file = await storeFlowFile(files, tenant, definition, name);
    try {
      return await work(file);
    } catch (error) {
      await files.remove(file.key);
      throw error;
    }
  };

  const fromTemplate = async (process: Process, productId: string, body: unknown) => {
    const key = TemplateChoice.safeParse(body);
    const template = key.success ? await findTemplate(key.data.template) : null;
    if (!key.success || !template) throw new Problem(problems['template-unknown'], 'Send a file in the field "file", the name of a template as {"template": "…"}, or {"operations": […]} to choose again from the file.');
    await removeAll(await process.run(async (ctx) => putIntoDraft(ctx, productId, template, { template: key.data.template })));
  };

  /** Imports the file of the draft once more, with other operations or tools of it. */
  const chooseAgain = async (process: Process, productId: string, operations: readonly string[]) => {
    const stored = await process.run(async (ctx) => {
      const { draft } = await draftRow(ctx, await ownProduct(ctx, productId));
      return draft.flowId === null ? null : getFlow(ctx, draft.flowId);
    });
    const bytes = stored?.fileKey ? await files.get(stored.fileKey) : null;
    if (!stored || !bytes) throw new Problem(kernel['not-found'], 'This draft has no file to choose from. Import it again.');
    const fileName = stored.fileName ?? stored.name;
    const imported = await readFlow(bytes, { fileName, operations });
    await withFile(process.tenant, imported.definition, fileName, async (file) =>
      removeAll(await process.run(async (ctx) => putIntoDraft(ctx, productId, imported, { template: null, file }))));
  };

  const removeAll = async (keys: readonly (string | null)[]) => {
    for (const key of keys) if (key !== null) await files.remove(key);
  };

  return {
    /** Takes a flow that an editor exported into the draft, like a file that was uploaded. */
    async fromEditor(process: Process, productId: string, definition: unknown, name: string): Promise<void> {
      const imported = await readFlow(JSON.stringify(definition), { fileName: name });
      await withFile(process.tenant, imported.definition, name, async (file) => removeAll(await process.run(async (ctx) => putIntoDraft(ctx, productId, imported, { template: null, file }))));
    },

    async intoDraft(process: Process, { params }: Input<Seller['importFlow']>, { request, reply }: HttpExchange): Promise<void> {
      const { productId } = params;
      // Before the file is read, so that nobody uploads to a product that takes none.
      await process.run(async (ctx) => draftRow(ctx, await ownProduct(ctx, productId)));
      if (request.isMultipart()) {
        const upload = await readUpload(request, { bytesMax: UPLOAD_BYTES_MAX, tooLarge: kernel['too-large'] });
        const imported = await readFlow(upload.bytes, { fileName: upload.fileName, ...pickOf(upload.fields.get('pick')), ...operationsOf(upload.fields.get('operations')) });
        await withFile(process.tenant, imported.definition, upload.fileName, async (file) =>
          removeAll(await process.run(async (ctx) => putIntoDraft(ctx, productId, imported, { template: null, file }))));
      } else {
        if (typeof request.body !== 'object') throw new Problem(kernel['unsupported-media-type'], 'Send a file as multipart/form-data, or JSON.');
        const again = Rechoice.safeParse(request.body);
        if (again.success) await chooseAgain(process, productId, again.data.operations);
        else await fromTemplate(process, productId, request.body);
      }
      await reply.code(201).send(Draft.parse(await getDraft(process, { params }, models)));
    },

    async download(process: Process, { params: { productId }, query }: Input<Seller['downloadFlow']>, { reply }: HttpExchange): Promise<void> {
      const flow = await process.run(async (ctx) => {
        await ownProduct(ctx, productId);
        if (query.version !== undefined) return getFlow(ctx, (await numberedVersion(ctx, productId, query.version)).flowId);
        const [row] = await ctx.tx.select({ draft: productDrafts.draft }).from(productDrafts).where(eq(productDrafts.productId, productId));
        const flowId = row ? row.draft.flowId : (await newestVersion(ctx, productId)).flowId;
        if (flowId === null) throw new Problem(kernel['not-found'], 'This draft has no flow yet.');
        return getFlow(ctx, flowId);
      });
      const bytes = flow.fileKey === null ? new TextEncoder().encode(JSON.stringify(flow.definition, null, 2)) : await files.get(flow.fileKey);
      if (!bytes) throw new Problem(kernel['not-found'], 'The file is no longer there.');
      const name = (flow.fileName || `${flow.name}.json`).replace(/[^\p{L}\p{N}._ -]+/gu, '_');
      await reply.header('content-disposition', `attachment; filename="${name.replace(/[^\x20-\x7e]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header('content-security-policy', "sandbox; default-src 'none'").header('cache-control', 'no-store').type('application/json').send(Buffer.from(bytes));
    },

    /** What Studio calls: a flow becomes a new product with a draft. The provider must belong to an organization of the caller. */
    async fromStudio(process: Process, { body }: Input<typeof studioEndpoints['importFlow']>): Promise<Output<typeof studioEndpoints['importFlow']>> {
      const tenant = await tenantOfProvider(process, body.provider_uuid);
      if (body.flow_json === undefined) throw new Problem(kernel.invalid, 'flow_json: This is missing.', { issues: [{ path: 'flow_json', message: 'This is missing.' }] });
      const imported = await readFlow(typeof body.flow_json === 'string' ? body.flow_json : JSON.stringify(body.flow_json), { fileName: body.name });
      const productId = await withFile(tenant, imported.definition, `${body.name}.json`, async (file) => process.asTenant(tenant, async (ctx) => {
        const id = await startProduct(ctx, { category: categoryNamed(body.category), name: body.name, draft: { listing: storable({ name: body.name, description: body.description }) } });
        await putIntoDraft(ctx, id, imported, { template: null, file });
        return id;
      }));
      return { offering_uuid: productId, agent_uuid: productId, status: 'created', report: imported.report };
    },
  };

  async function tenantOfProvider(process: Process, providerId: string): Promise<string> {
    const [provider] = await process.asPublic(async ({ tx }) => tx.select({ tenant: providers.tenantId }).from(providers).where(eq(providers.id, providerId)));
    const { actor } = process;
    const theirs = provider && (provider.tenant === process.tenant || (actor.kind === 'user' && await authenticator.role(actor.userId, provider.tenant) !== null));
    if (!theirs) throw new Problem(kernel['not-found'], 'There is no such provider in your organizations.');
    return provider.tenant;
  }
}

async function readFlow(source: Uint8Array | string, options: ImportOptions): Promise<ImportResult> {
  const result = await importFlow(source, options);
  if ('problem' in result) throw importProblem(result);
  return result;
}

const pickOf = (text: string | undefined): Pick<ImportOptions, 'pick'> => (text !== undefined && /^\d{1,4}$/.test(text) ? { pick: Number(text) } : {});

/** A text field of a form: a JSON list of ids. Throws 422 for anything else. */
function operationsOf(text: string | undefined): Pick<ImportOptions, 'operations'> {
  if (text === undefined || text === '') return {};
  const refused = () => new Problem(kernel.invalid, 'operations: send a JSON list of ids.', { issues: [{ path: 'operations', message: 'Send a JSON list of ids.' }] });
  let json: unknown;
  try { json = JSON.parse(text); } catch { throw refused(); }
  const ids = OperationChoice.safeParse(json);
  if (!ids.success) throw refused();
  return { operations: ids.data };
}

/**
 * Makes this flow the one of the draft. What the seller has not said yet follows from the flow: capabilities, name,
 * description. Returns the keys of files that are no longer needed.
 */
async function putIntoDraft(ctx: Ctx, productId: string, imported: FlowTemplate, origin: { template: string | null; file?: StoredFile }): Promise<(string | null)[]> {
  const { draft, step } = await draftRow(ctx, await ownProduct(ctx, productId));
  const { report } = imported;
  const before = draft.flowId === null ? null : await getFlow(ctx, draft.flowId);
  const flowId = await storeFlow(ctx, imported, origin.file);
  await changeDraft(ctx, productId, {
    flowId, template: origin.template, step: Math.max(step, 2),
    exposedParameters: exposedAgain(draft, before?.definition.parameters.map(({ name }) => name) ?? [], report),
    capabilities: declaredAgain(draft, before?.report ?? null, report),
    listing: suggestListing(draft, report),
  });
  return draft.flowId === null ? [] : [await forgetFlow(ctx, draft.flowId)];
}

/** What the seller declared stays; a declaration that is still the one proposed for the flow before follows the new flow. */
function declaredAgain({ category, subcategory, capabilities }: ProductDraft, before: ImportResult['report'] | null, report: ImportResult['report']): ProductDraft['capabilities'] {
  const proposedFor = (flow: ImportResult['report']) => ({ ...proposeCapabilities(category, subcategoryOf(category, subcategory), flow) });
  const complete = (declared: unknown) => readCapabilities(category, subcategory, declared).capabilities;
  const isOwn = Object.keys(capabilities).length > 0 && (before === null || !isDeepStrictEqual(complete(capabilities), complete(proposedFor(before))));
  return isOwn ? capabilities : proposedFor(report);
}

/** What was handed to buyers stays so where the new flow has it too; of what is new in it, what the importer proposes. */
function exposedAgain({ exposedParameters }: ProductDraft, known: readonly string[], { parameters }: ImportResult['report']): string[] {
  return parameters.filter(({ name, exposed }) => (known.includes(name) ? exposedParameters.includes(name) : exposed)).map(({ name }) => name).slice(0, 100);
}

const suggestListing = ({ listing }: ProductDraft, report: ImportResult['report']): ProductDraft['listing'] => ({
  ...(report.name.length >= 3 ? { name: cleanText(report.name).slice(0, 80) } : {}),
  ...(report.description.length >= 20 ? { description: cleanText(report.description).slice(0, 20_000) } : {}),
  ...listing,
});
