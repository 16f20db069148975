import type { Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { editedFlow, editIssues, getFlow, storeEditedFlow } from '#modules/flows/index.ts';
import { changeDraft, draftRow, openDraft } from './drafts.ts';
import type { flowEditingEndpoints } from './flow-editing-contract.ts';
import { forgetFlow } from './forget-flow.ts';
import type { NamedModels } from './model-findings.ts';
import { problems } from './problems.ts';
import { ownProduct } from './seller-products.ts';

type Endpoints = typeof flowEditingEndpoints;

const PARAMETERS_EXPOSED_MAX = 100;

/** Opening and saving the flow of a draft in the editor. */
export function flowEditing(files: FileStore, models: NamedModels) {
  return {
    async get(process: Process, { params: { productId } }: Input<Endpoints['get']>): Promise<Output<Endpoints['get']>> {
      return process.run(async (ctx) => {
        const product = await ownProduct(ctx, productId);
        const { draft } = await draftRow(ctx, product);
        const name = typeof draft.listing['name'] === 'string' && draft.listing['name'] !== '' ? draft.listing['name'] : product.name;
        if (draft.flowId === null) return { product_id: productId, name, flow_id: null, flow: null, report: null, edited: false };
        const { definition, report } = await getFlow(ctx, draft.flowId);
        const parameters = definition.parameters.map((parameter) => ({ ...parameter, exposed: draft.exposedParameters.includes(parameter.name) }));
        return { product_id: productId, name, flow_id: draft.flowId, flow: { ...definition, parameters }, report, edited: definition.origin.format === 'cmp' };
      });
    },

    async save(process: Process, { params: { productId }, body }: Input<Endpoints['save']>): Promise<Output<Endpoints['save']>> {
      const { flow } = body;
      const issues = editIssues(flow);
      if (issues.length > 0) throw new Problem(kernel.invalid, issues.slice(0, 3).map(({ message }) => message).join(' '), { issues });
      const { flowId, fileKey } = await process.run(async (ctx) => {
        const { draft } = await draftRow(ctx, await ownProduct(ctx, productId));
        if (draft.flowId !== body.based_on) throw new Problem(problems['flow-changed'], undefined, { extra: { flow_id: draft.flowId } });
        const stored = draft.flowId === null ? null : await getFlow(ctx, draft.flowId);
        const edited = editedFlow(flow, stored && { flow: stored.definition, report: stored.report });
        const id = await storeEditedFlow(ctx, edited, stored);
        await changeDraft(ctx, productId, { flowId: id, exposedParameters: flow.parameters.filter(({ exposed }) => exposed).map(({ name }) => name).slice(0, PARAMETERS_EXPOSED_MAX) });
        return { flowId: id, fileKey: draft.flowId === null ? null : await forgetFlow(ctx, draft.flowId) };
      });
      if (fileKey !== null) await files.remove(fileKey);
      return { flow_id: flowId, findings: (await openDraft(process, productId, models)).reading.findings };
    },
  };
}
