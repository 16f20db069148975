import { rmSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './scripts/chromium.mjs';

// Set once by the process that starts first; the workers, which read this file again, inherit it.
process.env.E2E_PORT ??= '3310';
if (!process.env.E2E_DATA_DIR) {
  process.env.E2E_DATA_DIR = path.resolve('.cache/e2e-data');
  rmSync(process.env.E2E_DATA_DIR, { recursive: true, force: true });
}
/** A server that already runs, for instance under a debugger; without it one is started on an empty data folder. */
const running = process.env.E2E_BASE_URL;
const baseURL = running ?? `http://localhost:${process.env.E2E_PORT}`;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // A machine that checks everything at once is slower than one a person sits at; what is waited for is the same.
  timeout: process.env.CI ? 90_000 : 30_000,
  expect: { timeout: process.env.CI ? 20_000 : 7_500 },
  // The server and the browsers share two cores.
  workers: process.env.CI ? 1 : 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  reporter: [['list'], ['json', { outputFile: process.env.E2E_REPORT ?? 'test-results/e2e.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    baseURL,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: running
    ? undefined
    : {
        command: 'node scripts/start.mjs',
        url: `${baseURL}/readyz`,
        timeout: 120_000,
        stdout: 'ignore',
        stderr: 'pipe',
        gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
        env: { PORT: process.env.E2E_PORT, DATA_DIR: process.env.E2E_DATA_DIR, BASE_URL: baseURL, DATABASE_URL: '', REDIS_URL: '' },
      },
});
