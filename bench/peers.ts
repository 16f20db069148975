import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE, ROOT, start, type Program } from './machine.ts';
import { nodeRedFlow } from './node-red-flow.ts';

/** Installs packages into a folder of their own, once. Never into the project. */
function installed(name: string, packages: readonly string[], overrides: Record<string, string> = {}): string {
  const folder = path.join(CACHE, 'peers', name);
  if (!existsSync(path.join(folder, 'node_modules'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: `peer-${name}`, version: '1.0.0', private: true, overrides }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return folder;
}

export interface Peer { program: Program; headers: Record<string, string> }

export function startFastifyProxy(port: number, upstream: number, core: number | null): Peer {
  const folder = installed('fastify', ['fastify@5.12.8', '@fastify/http-proxy@11.6.3']);
  return { program: start('fastify-proxy', [process.execPath, path.join(ROOT, 'bench/fastify-proxy.mjs'), folder, String(port), String(upstream)], { core }), headers: {} };
}

/** Portkey's open gateway: routes, without keys, limits or metering. Its streams fail with newer releases of @hono/node-server. */
export function startPortkey(port: number, upstream: number, core: number | null): Peer {
  const folder = installed('portkey', ['@portkey-ai/gateway@1.15.2'], { '@hono/node-server': '1.13.7' });
  const file = path.join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  return {
    program: start('portkey', [process.execPath, file, `--port=${port}`, '--headless'], { core, env: { NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' } }),
    headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `http://127.0.0.1:${upstream}/v1` },
  };
}

/** Node-RED with the flow of the benchmark; it keeps no history of runs. */
export function startNodeRed(port: number, core: number | null): Program {
  const folder = installed('node-red', ['node-red@5.0.7']);
  const home = path.join(folder, 'home');
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'flows.json'), JSON.stringify(nodeRedFlow));
  writeFileSync(path.join(home, 'settings.js'), `module.exports = { flowFile: 'flows.json', uiPort: ${port}, uiHost: '127.0.0.1', diagnostics: { enabled: false }, telemetry: { enabled: false }, logging: { console: { level: 'warn' } } };\n`);
  return start('node-red', [process.execPath, path.join(folder, 'node_modules/node-red/red.js'), '-u', home], { core });
}
