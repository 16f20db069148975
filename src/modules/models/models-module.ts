import type { Module } from '#platform/module.ts';
import { modelEndpoints, type ListedModel, type ModelEntry } from './contract.ts';
import type { InstalledModels } from './directory.ts';

/** Shows the catalogue to those who choose from it. */
export const modelsModule = (models: Pick<InstalledModels, 'entries'>): Module => ({
  name: 'models',
  routes(serve) {
    serve(modelEndpoints.list, async (_ctx, { query: { kind } }) => ({
      data: models.entries().filter((entry) => kind === undefined || entry.kind === kind).map(present),
    }));
  },
});

const present = ({ id, title, kind, available, dimensions, dimensionsMin, contextTokens, price, features }: ModelEntry): ListedModel =>
  ({ id, title, kind, available, dimensions, dimensions_min: dimensionsMin, context_tokens: contextTokens, price, features });
