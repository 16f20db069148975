import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { busySeconds, CACHE, quietMoment, usageOf } from './machine.ts';

export interface Target { url: string; headers: Record<string, string>; body: string }

/** What one burst of load showed. Times in milliseconds. */
export interface Burst { perSecond: number; p50: number; p99: number; errors: number; cpuMsPerRequest: number; busyPercent: number }

/** Sends as fast as answers come, over kept connections, with wrk (which must be installed). `watched` is the process whose time is counted. */
export async function burst(target: Target, options: { connections: number; seconds: number; core: number | null; watched: number }): Promise<Burst> {
  const script = path.join(CACHE, 'wrk.lua');
  writeFileSync(script, [
    'wrk.method = "POST"', `wrk.body = [==[${target.body}]==]`,
    ...Object.entries(target.headers).map(([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`),
    'function done(summary, latency)',
    '  local e = summary.errors',
    '  io.write(string.format("result %d %d %d %f %f\\n", summary.requests, summary.duration, e.connect + e.read + e.write + e.timeout + e.status, latency:percentile(50), latency:percentile(99)))',
    'end',
  ].join('\n'));
  const wrk = ['wrk', '-t1', `-c${options.connections}`, `-d${options.seconds}s`, '--timeout', '15s', '-s', script, target.url];
  const [file = '', ...args] = options.core === null ? wrk : ['taskset', '-c', String(options.core), ...wrk];
  await quietMoment();
  const before = { cpu: usageOf(options.watched).cpuSeconds, busy: busySeconds(), at: performance.now() };
  const { stdout } = await promisify(execFile)(file, args);
  const seconds = (performance.now() - before.at) / 1000;
  const numbers = /result (\S+) (\S+) (\S+) (\S+) (\S+)/.exec(stdout)?.slice(1).map(Number);
  if (!numbers) throw new Error(`wrk said: ${stdout}`);
  const [requests = 0, micros = 1, errors = 0, p50 = 0, p99 = 0] = numbers;
  return {
    perSecond: requests / (micros / 1e6), p50: p50 / 1000, p99: p99 / 1000, errors,
    cpuMsPerRequest: ((usageOf(options.watched).cpuSeconds - before.cpu) * 1000) / Math.max(1, requests), busyPercent: ((busySeconds() - before.busy) / seconds) * 100,
  };
}

export interface Reply { status: number; text: string; firstByteMs: number }

/** One request over a kept connection; rejects when the answer is cut off. */
export function send({ url, headers, body }: Target, agent: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const call = request(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, agent }, (answer) => {
      const parts: Buffer[] = [];
      let firstByteMs = 0;
      answer.on('data', (bytes: Buffer) => {
        firstByteMs ||= performance.now() - startedAt;
        parts.push(bytes);
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString(), firstByteMs }));
      answer.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** One after the other: times to the first byte of the answer, without the first few. */
export async function firstBytes(target: Target, count: number): Promise<number[]> {
  await quietMoment();
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  for (let index = 0; index < count + 20; index++) {
    const { firstByteMs } = await send(target, agent);
    if (index >= 20) times.push(firstByteMs);
  }
  agent.destroy();
  return times;
}

/** Sends `count` requests over `connections` and returns how many were answered completely with 200. */
export async function answered(target: Target, options: { count: number; connections: number; complete(text: string): boolean }): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  let [left, good] = [options.count, 0];
  await Promise.all(Array.from({ length: options.connections }, async () => {
    while (left > 0) {
      left -= 1;
      const reply = await send(target, agent).catch(() => null);
      // The server is gone: nobody answers any more.
      if (reply === null) return;
      if (reply.status === 200 && options.complete(reply.text)) good += 1;
    }
  }));
  agent.destroy();
  return good;
}
