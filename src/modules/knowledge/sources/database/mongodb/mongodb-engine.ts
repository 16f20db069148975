import type { Engine } from '../engine.ts';

export const mongodbEngine: Engine = { pollMs: 60_000, open: async () => { throw new Error('not yet'); } };
