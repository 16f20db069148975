import { z } from 'zod';
import { count, label, names, oneOf } from './leaves.ts';

const DEPLOYMENTS = ['shared', 'dedicated', 'hybrid'] as const;

export const ENGINES = ['builtin', 'langflow', 'n8n', 'http'] as const;

/** What a product needs in order to run. */
export const RuntimeCapabilities = z.strictObject({
  engine: z.strictObject({
    kind: oneOf(ENGINES, 'builtin', 'Runs on', 'The engine of this marketplace, or a server that is told every message.', { widget: 'hidden' }),
    /** Empty for the built-in engine; `operator` for the marketplace's own Langflow server; else the id of one of the seller's servers. */
    server: label('Server', 'Which server of yours it runs on.', { widget: 'hidden' }),
  }).prefault({}).meta({ title: 'Where it runs', description: 'Chosen beside the flow.', ui: { widget: 'hidden' } }),
  deployment: oneOf(DEPLOYMENTS, 'shared', 'Deployment', 'Shared with others, in the buyer’s own space, or as the plan says.', { widget: 'radio-cards' }),
  compute: z.strictObject({
    cpu: oneOf(['low', 'medium', 'high', 'gpu'], 'low', 'Processor', 'How much computing it needs.'),
    memory: oneOf(['low', 'medium', 'high'], 'low', 'Memory', 'How much memory it needs.'),
    scaling: oneOf(['fixed', 'auto'], 'auto', 'Scaling', 'Whether it grows with demand.'),
  }).prefault({}).meta({ title: 'Resources', description: 'What it needs to run well.', ui: { advanced: true } }),
  dependencies: z.strictObject({
    models: names('Models', 'Model ids it cannot do without.'),
    services: names('Services', 'Outside services it cannot do without.'),
    mcpServers: names('MCP servers', 'MCP servers it cannot do without.'),
  }).prefault({}).meta({ title: 'Dependencies', description: 'What must be there for it to work.' }),
  limits: z.strictObject({
    rateLimit: count({ min: 1, max: 100_000, fallback: 1000 }, 'Requests per minute', 'The most one buyer may send, whatever the plan.'),
    concurrency: count({ min: 1, max: 10_000, fallback: 100 }, 'At the same time', 'The most requests of one buyer in progress at once, whatever the plan.'),
    timeout: count({ min: 1, max: 3600, fallback: 120 }, 'Time limit', 'Longest one execution may take.', { unit: 'seconds' }),
  }).prefault({}).meta({ title: 'Limits', description: 'What your product can bear.' }),
});
