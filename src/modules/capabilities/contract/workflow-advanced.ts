import { z } from 'zod';
import { anyOf, count, duration, flag, names, oneOf } from './leaves.ts';

const whenOn = { when: { path: 'enabled', equals: true } };
const seconds = { unit: 'seconds', ...whenOn };

const Triggers = z.strictObject({
  webhook: z.strictObject({
    enabled: flag('Webhook', 'A request from another system starts a run.'),
    methods: anyOf(['GET', 'POST', 'PUT'], ['POST'], 'Methods', 'The request methods accepted.', whenOn),
    authentication: anyOf(['none', 'api_key', 'signature', 'basic'], ['api_key', 'signature'], 'Authentication', 'How the sender proves who it is.', whenOn),
    customHeaders: flag('Custom headers', 'Buyers may demand headers.', whenOn),
  }).prefault({}).meta({ title: 'Webhook', description: 'Started by another system.' }),
  schedule: z.strictObject({
    enabled: flag('Schedule', 'Runs happen by the clock.'),
    types: anyOf(['interval', 'cron', 'daily', 'weekly', 'monthly'], ['interval', 'daily', 'weekly', 'monthly', 'cron'], 'Kinds', 'The kinds of schedule.', whenOn),
    minInterval: duration('5m', 'Shortest interval', 'The least time between two runs.', whenOn),
    timezone: z.boolean().default(true).meta({ title: 'Time zone', description: 'Buyers choose the time zone.', ui: { widget: 'switch', ...whenOn } }),
  }).prefault({}).meta({ title: 'Schedule', description: 'Started by the clock.' }),
  event: z.strictObject({
    enabled: flag('Event', 'Something that happened elsewhere starts a run.'),
    sources: anyOf(['email', 'slack', 'webhook', 'database', 'file'], ['webhook'], 'Sources', 'Where events come from.', whenOn),
    filters: flag('Filters', 'Buyers narrow which events count.', whenOn),
  }).prefault({}).meta({ title: 'Event', description: 'Started by something that happened.' }),
  manual: z.strictObject({
    enabled: flag('Manual', 'A person presses Run now.'),
    parameters: flag('Parameters', 'Values may be given for that run.', whenOn),
  }).prefault({}).meta({ title: 'Manual', description: 'Started by a person.' }),
  api: z.strictObject({
    enabled: flag('API', 'A call of the API starts a run.'),
    async: flag('Asynchronous', 'The call may return before the run ends.', whenOn),
    timeout: count({ min: 1, max: 86_400, fallback: 300 }, 'Time limit', 'Longest a run may take.', seconds),
  }).prefault({}).meta({ title: 'API', description: 'Started by a call.' }),
});

const FlowControl = z.strictObject({
  conditionals: z.strictObject({
    enabled: flag('Conditions', 'Steps may depend on conditions.'),
    operators: anyOf(['equals', 'contains', 'greater', 'less', 'regex', 'exists'], ['equals', 'contains', 'greater', 'less', 'exists'], 'Comparisons', 'What conditions may compare.', whenOn),
    nestedConditions: flag('Nesting', 'Conditions combine with and, or.', whenOn),
    switchCase: flag('Many branches', 'One value chooses among several branches.', whenOn),
  }).prefault({}).meta({ title: 'Conditions', description: 'Branches.' }),
  loops: z.strictObject({
    enabled: flag('Loops', 'Steps may repeat.'),
    types: anyOf(['for_each', 'while', 'repeat'], ['for_each'], 'Kinds', 'The kinds of loop.', whenOn),
    maxIterations: count({ min: 1, max: 100_000, fallback: 1000 }, 'Rounds', 'Most rounds before a run is stopped.', whenOn),
    parallelExecution: flag('In parallel', 'Items are worked on at the same time.', whenOn),
  }).prefault({}).meta({ title: 'Loops', description: 'Repetition.' }),
  errorHandling: z.strictObject({
    enabled: flag('Error handling', 'Failures may be answered instead of ending the run.'),
    strategies: anyOf(['retry', 'fallback', 'continue', 'fail'], ['retry', 'fail'], 'Answers', 'What may happen after a failure.', whenOn),
    maxRetries: count({ min: 0, max: 20, fallback: 3 }, 'Retries', 'Most attempts after the first.', whenOn),
    retryDelay: z.string().regex(/^[1-9]\d{0,4}[smhd]( (fixed|linear|exponential))?$/, 'Write a time and how it grows, such as 30s exponential.')
      .default('30s exponential').meta({ title: 'Delay', description: 'Time before the next attempt and how it grows.', ui: { widget: 'text', placeholder: '30s exponential', ...whenOn } }),
    customErrorHandlers: flag('Own handlers', 'Steps of the buyer’s own answer a failure.', whenOn),
  }).prefault({}).meta({ title: 'Error handling', description: 'What happens after a failure.' }),
  subWorkflows: z.strictObject({
    enabled: flag('Sub-workflows', 'A step may run another workflow.'),
    maxDepth: count({ min: 1, max: 10, fallback: 3 }, 'Depth', 'How far workflows may nest.', whenOn),
    passingVariables: flag('Pass values', 'Values travel into the inner workflow.', whenOn),
  }).prefault({}).meta({ title: 'Sub-workflows', description: 'Workflows inside workflows.' }),
});

const Actions = z.strictObject({
  http: z.strictObject({
    enabled: flag('HTTP', 'Steps may call other services.'),
    methods: anyOf(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], ['GET', 'POST'], 'Methods', 'The request methods allowed.', whenOn),
    authentication: anyOf(['none', 'basic', 'bearer', 'api_key', 'oauth2'], ['none', 'bearer', 'api_key'], 'Authentication', 'How calls sign in.', whenOn),
    customHeaders: flag('Custom headers', 'Calls may carry headers of their own.', whenOn),
    timeout: count({ min: 1, max: 600, fallback: 30 }, 'Time limit', 'Longest a call may take.', seconds),
  }).prefault({}).meta({ title: 'HTTP', description: 'Calls to other services.' }),
  database: z.strictObject({
    enabled: flag('Database', 'Steps may use a database.'),
    operations: anyOf(['query', 'insert', 'update', 'delete'], ['query'], 'Operations', 'What steps may do there.', whenOn),
    connectors: anyOf(['postgres', 'mysql', 'mongodb', 'redis'], ['postgres'], 'Databases', 'The kinds of database.', whenOn),
  }).prefault({}).meta({ title: 'Database', description: 'Reading and writing tables.' }),
  ai: z.strictObject({
    enabled: flag('AI', 'Steps may use a model.'),
    operations: anyOf(['chat', 'completion', 'embedding', 'classification'], ['chat', 'completion'], 'Operations', 'What models are used for.', whenOn),
    models: names('Models', 'Model ids steps may use; empty allows the installation’s default.', whenOn),
    streaming: flag('Streaming', 'Text is passed on while it is written.', whenOn),
  }).prefault({}).meta({ title: 'AI', description: 'Use of models.' }),
  messaging: z.strictObject({
    enabled: flag('Messaging', 'Steps may send messages.'),
    channels: anyOf(['email', 'slack', 'teams', 'sms', 'webhook'], ['email', 'webhook'], 'Channels', 'Where messages go.', whenOn),
    templates: flag('Templates', 'Buyers write message templates.', whenOn),
  }).prefault({}).meta({ title: 'Messaging', description: 'Sending messages.' }),
  storage: z.strictObject({
    enabled: flag('Storage', 'Steps may read and write files.'),
    operations: anyOf(['read', 'write', 'delete', 'list'], ['read', 'write', 'list'], 'Operations', 'What steps may do with files.', whenOn),
    providers: anyOf(['s3', 'gcs', 'azure', 'local'], ['local'], 'Places', 'Where the files are.', whenOn),
  }).prefault({}).meta({ title: 'Storage', description: 'Files.' }),
  transform: z.strictObject({
    enabled: flag('Transform', 'Steps may reshape data.'),
    operations: anyOf(['map', 'filter', 'reduce', 'merge', 'split'], ['map', 'filter', 'reduce', 'merge', 'split'], 'Operations', 'How data may be reshaped.', whenOn),
    jsonPath: flag('JSONPath', 'JSONPath expressions.', whenOn),
    jmespath: flag('JMESPath', 'JMESPath expressions.', whenOn),
    customCode: flag('Snippets', 'Short pieces of code.', whenOn),
  }).prefault({}).meta({ title: 'Transform', description: 'Reshaping data.' }),
  code: z.strictObject({
    enabled: flag('Code', 'Steps may run code. Enterprise plans only.'),
    languages: anyOf(['javascript', 'python'], ['javascript'], 'Languages', 'The languages allowed.', whenOn),
    timeout: count({ min: 1, max: 300, fallback: 10 }, 'Time limit', 'Longest a piece of code may run.', seconds),
    sandboxed: z.literal(true).default(true).meta({ title: 'Sandboxed', description: 'Code never runs outside the sandbox.', ui: { widget: 'hidden' } }),
  }).prefault({}).meta({ title: 'Code', description: 'Code of the buyer’s own.', ui: { advanced: true } }),
});

const Data = z.strictObject({
  variables: z.strictObject({
    enabled: flag('Variables', 'Values are kept under names.'),
    types: anyOf(['string', 'number', 'boolean', 'object', 'array'], ['string', 'number', 'boolean', 'object', 'array'], 'Types', 'The kinds of value.', whenOn),
    scopes: anyOf(['workflow', 'step', 'global'], ['workflow', 'step'], 'Reach', 'Where a value is visible.', whenOn),
    expressions: flag('Expressions', 'Values may be computed with {{ }}.', whenOn),
  }).prefault({}).meta({ title: 'Variables', description: 'Named values.' }),
  secrets: z.strictObject({
    enabled: flag('Secrets', 'Credentials are kept encrypted.'),
    maxSecrets: count({ min: 0, max: 1000, fallback: 20 }, 'Secrets', 'Most secrets a buyer may keep.', whenOn),
    encryption: oneOf(['aes256', 'kms'], 'aes256', 'Encryption', 'How they are encrypted.', whenOn),
    rotation: flag('Rotation', 'Secrets may be replaced on a schedule.', whenOn),
  }).prefault({}).meta({ title: 'Secrets', description: 'Credentials.' }),
  state: z.strictObject({
    persistence: flag('Keep state', 'Values survive from one run to the next.'),
    ttl: duration('30d', 'Lifetime', 'How long kept values live.', { when: { path: 'persistence', equals: true } }),
    maxSize: count({ min: 1, max: 10_240, fallback: 256 }, 'Size', 'Most data kept.', { unit: 'KB', when: { path: 'persistence', equals: true } }),
  }).prefault({}).meta({ title: 'State', description: 'What is kept between runs.' }),
});

const Monitoring = z.strictObject({
  logging: z.strictObject({
    enabled: z.boolean().default(true).meta({ title: 'Logs', description: 'Each run keeps a log.', ui: { widget: 'switch' } }),
    level: anyOf(['debug', 'info', 'warn', 'error'], ['info', 'warn', 'error'], 'Levels', 'What is logged.', whenOn),
    retention: duration('30d', 'Kept for', 'How long logs are kept.', whenOn),
    export: flag('Export', 'Logs may be sent elsewhere.', whenOn),
  }).prefault({}).meta({ title: 'Logs', description: 'What happened in a run.' }),
  metrics: z.strictObject({
    enabled: flag('Metrics', 'Runs are counted and measured.'),
    types: anyOf(['executions', 'duration', 'errors', 'throughput'], ['executions', 'duration', 'errors'], 'Measures', 'What is measured.', whenOn),
  }).prefault({}).meta({ title: 'Metrics', description: 'Numbers over time.' }),
  alerts: z.strictObject({
    enabled: flag('Alerts', 'Somebody is told when something is wrong.'),
    conditions: anyOf(['failure', 'slow', 'threshold', 'anomaly'], ['failure'], 'Reasons', 'What raises an alert.', whenOn),
    channels: anyOf(['email', 'slack', 'webhook', 'pagerduty'], ['email'], 'Channels', 'Where alerts go.', whenOn),
  }).prefault({}).meta({ title: 'Alerts', description: 'Being told.' }),
  tracing: z.strictObject({
    enabled: flag('Tracing', 'Each step of a run is timed.'),
    sampling: z.number().min(0).max(100).default(10).meta({ title: 'Share', description: 'How many runs are traced.', ui: { widget: 'slider', min: 0, max: 100, step: 1, unit: '%', ...whenOn } }),
  }).prefault({}).meta({ title: 'Tracing', description: 'Timing of steps.', ui: { advanced: true } }),
});

/** What a workflow may do, in its extended form. */
export const WorkflowCapabilities = z.strictObject({
  enabled: flag('Advanced workflow', 'Your product runs workflows with triggers, branches and actions.'),
  triggers: Triggers.prefault({}).meta({ title: 'Triggers', description: 'What starts a run.', ui: whenOn }),
  flow: FlowControl.prefault({}).meta({ title: 'Flow control', description: 'How a run proceeds.', ui: whenOn }),
  actions: Actions.prefault({}).meta({ title: 'Actions', description: 'What steps may do.', ui: whenOn }),
  data: Data.prefault({}).meta({ title: 'Data', description: 'What is kept and where.', ui: whenOn }),
  monitoring: Monitoring.prefault({}).meta({ title: 'Monitoring', description: 'How runs are watched.', ui: whenOn }),
});
export type WorkflowCapabilities = z.infer<typeof WorkflowCapabilities>;
