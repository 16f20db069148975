import type { Engine } from '../engine.ts';

export const snowflakeEngine: Engine = { pollMs: 60_000, open: async () => { throw new Error('not yet'); } };
