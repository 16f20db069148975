import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface GitServerOptions {
  /** Who may read; everybody where it is absent. */
  login?: { user: string; token: string };
  /** Speak the first version of the protocol only. */
  old?: boolean;
  /** Let states be fetched without their files. */
  partial?: boolean;
}

const ENV = { HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com', GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' };

/** Git's own server (`git http-backend`) on the loopback, over one repository that the test fills. `searchPath` is where programs are. */
export async function startGitServer(searchPath: string | undefined, options: GitServerOptions = {}) {
  const env = { ...ENV, ...(searchPath === undefined ? {} : { PATH: searchPath }) };
  const folder = mkdtempSync(path.join(tmpdir(), 'git-server-'));
  const work = path.join(folder, 'handbook.git');
  mkdirSync(work);
  const git = (args: readonly string[], input: string | Uint8Array = ''): string => execFileSync('git', ['-C', work, ...args], { env, input, maxBuffer: 64 * 1024 * 1024, stdio: ['pipe', 'pipe', 'pipe'] }).toString('utf8').trim();
  git(['init', '-q', '-b', 'main']);
  git(['config', 'core.bigFileThreshold', '8m']);
  git(['config', 'core.compression', '1']);
  if (options.partial ?? true) git(['config', 'uploadpack.allowFilter', 'true']);

  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url ?? ''}`);
    const login = options.login;
    if (login && request.headers.authorization !== `Basic ${Buffer.from(`${login.user}:${login.token}`).toString('base64')}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="Git"' }).end(`Access denied for ${request.headers.authorization ?? 'nobody'}`);
      return;
    }
    runBackend(request, response, { ...env, GIT_PROJECT_ROOT: folder, ...(options.old ? {} : { GIT_PROTOCOL: text(request.headers['git-protocol']) }) });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

  return {
    host, url: `http://${host}/handbook.git`, git,
    /** Requests since the last time, without their queries. */
    asked: () => asked.splice(0).map((one) => one.replace(/\?.*/, '').replace('/handbook.git/', '')),
    write(name: string, content: string | Uint8Array) {
      mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
      writeFileSync(path.join(work, name), content);
    },
    /** A file of so many zeros, which pack to almost nothing. */
    zeros(name: string, bytes: number) {
      writeFileSync(path.join(work, name), '');
      truncateSync(path.join(work, name), bytes);
    },
    link: (name: string, target: string) => { symlinkSync(target, path.join(work, name)); },
    commit(message = 'Change') {
      git(['add', '-A']);
      git(['commit', '-q', '--allow-empty', '-m', message]);
      return git(['rev-parse', 'HEAD']);
    },
    /** A state with this tree, however it was made. */
    commitTree(tree: string) {
      git(['update-ref', 'refs/heads/main', git(['commit-tree', tree, '-m', 'Made'])]);
    },
    /** An object of any bytes, unchecked. */
    object: (type: string, bytes: Uint8Array) => git(['hash-object', '-t', type, '-w', '--literally', '--stdin'], bytes),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** CGI (RFC 3875), as far as Git's backend wants it. */
function runBackend(request: IncomingMessage, response: ServerResponse, env: Record<string, string>): void {
  const [pathInfo = '', query = ''] = (request.url ?? '').split('?');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...env, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: pathInfo, QUERY_STRING: query, REQUEST_METHOD: request.method ?? '', CONTENT_TYPE: text(request.headers['content-type']), CONTENT_LENGTH: text(request.headers['content-length']),
      REMOTE_ADDR: '127.0.0.1', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => {});
  response.on('close', () => { backend.kill(); });
  let head = Buffer.alloc(0);
  const onHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    backend.stdout.off('data', onHead);
    const headers = Object.fromEntries(head.subarray(0, end).toString('latin1').split('\r\n').map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
    const { Status: status = '200', ...rest } = headers;
    response.writeHead(Number.parseInt(status, 10), rest);
    response.write(head.subarray(end + 4));
    backend.stdout.pipe(response);
  };
  backend.stdout.on('data', onHead);
  backend.on('close', () => { if (!response.headersSent) response.writeHead(500).end(); });
}

const text = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');
