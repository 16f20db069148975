import { z } from 'zod';
import { anyOf, flag } from './leaves.ts';

/** `executions` is used by the defaults of automations, though the first list of metrics lacks it. */
export const USAGE_METRICS = ['messages', 'tokens', 'sessions', 'users', 'api_calls', 'compute_time', 'executions'] as const;
export const ALERT_TYPES = ['usage_limit', 'error_rate', 'latency', 'satisfaction', 'failure'] as const;

const whenOn = { when: { path: 'enabled', equals: true } };

/** What a buyer can see about the use of a product. */
export const AnalyticsCapabilities = z.strictObject({
  usage: z.strictObject({
    enabled: flag('Usage', 'Buyers see how much your product is used.'),
    metrics: anyOf(USAGE_METRICS, [], 'Measures', 'What is counted.', whenOn),
  }).prefault({}).meta({ title: 'Usage', description: 'Counts over time.' }),
  conversations: z.strictObject({
    enabled: flag('Conversations', 'Buyers look back at conversations.'),
    features: z.strictObject({
      transcripts: flag('Transcripts', 'Whole conversations are kept.'),
      search: flag('Search', 'Conversations can be searched.'),
      export: flag('Export', 'Conversations can be downloaded.'),
    }).prefault({}).meta({ title: 'Features', description: 'What buyers can do with conversations.', ui: whenOn }),
  }).prefault({}).meta({ title: 'Conversations', description: 'What was said.' }),
  insights: z.strictObject({
    enabled: flag('Insights', 'Buyers see what conversations are about and how they went.'),
    features: z.strictObject({
      topics: flag('Topics', 'What people ask about.'),
      sentiment: flag('Sentiment', 'How people feel.'),
      satisfaction: flag('Satisfaction', 'How people rate answers.'),
      performance: flag('Performance', 'How good and quick answers are.'),
    }).prefault({}).meta({ title: 'Features', description: 'What is worked out.', ui: whenOn }),
  }).prefault({}).meta({ title: 'Insights', description: 'What the conversations show.' }),
  alerts: z.strictObject({
    enabled: flag('Alerts', 'Buyers are told when a number leaves its range.'),
    types: anyOf(ALERT_TYPES, [], 'Kinds', 'What buyers can be told about.', whenOn),
  }).prefault({}).meta({ title: 'Alerts', description: 'Being told.' }),
});
