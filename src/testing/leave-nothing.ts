import { afterAll, vi } from 'vitest';

// One process serves many files: what the last test of one put in place of something must not be there for the next.
afterAll(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
