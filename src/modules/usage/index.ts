export { recordUsage, usageSince, type UsageRecord } from './service.ts';
export { usageEvents } from './tables.ts';
