import { existsSync, globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** A test that uses the kit in `src/testing/` wants a database; every other test runs without one. */
const wantsDatabase = (file: string) => file.startsWith('src/testing/') || /^(import|\}) .*from '(\.\.\/)+testing\//m.test(readFileSync(file, 'utf8'));
const files = globSync(['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts']).map((file) => file.replaceAll('\\', '/'));
const globalSetup = ['src/testing/global-setup.ts'].filter((file) => existsSync(file));

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: process.env.CI ? 60_000 : 20_000,
    hookTimeout: process.env.CI ? 120_000 : 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    // One process serves many files, so that the application and the snapshot of its database are loaded once.
    isolate: false,
    setupFiles: ['src/testing/leave-nothing.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: files.filter((file) => !wantsDatabase(file)) } },
      { extends: true, test: { name: 'http', include: files.filter(wantsDatabase), globalSetup } },
    ],
  },
});
