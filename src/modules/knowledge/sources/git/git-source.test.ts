import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { startGitServer, type GitServerOptions } from '#modules/knowledge/sources/testing/git-server.ts';
import { startLoopback } from '#modules/knowledge/sources/testing/loopback.ts';
import { createShelf } from '#modules/knowledge/sources/testing/shelf.ts';
import { fileAddress } from './file-address.ts';
import { createGitSource, gitSource } from './git-source.ts';
import { GIT_LIMITS, type GitLimits } from './git-limits.ts';

// Each reading starts a process, on a machine that has other things to do.
vi.setConfig({ testTimeout: 60_000 });
const folder = mkdtempSync(path.join(tmpdir(), 'git-test-'));
const closing: { close(): Promise<void> }[] = [];
beforeEach(() => { vi.stubEnv('TMPDIR', folder); });
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
  // Whatever happened: nothing of a repository stays on the disk.
  expect(readdirSync(folder)).toEqual([]);
});
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

async function repository(options: GitServerOptions = {}) {
  const server = await startGitServer(process.env.PATH, options);
  closing.push(server);
  return server;
}
type Server = Awaited<ReturnType<typeof repository>>;

function shelf(server: Pick<Server, 'host' | 'url'>, config: Record<string, unknown> = {}, { secrets = {}, limits = {}, ...more }: { secrets?: Record<string, string>; limits?: Partial<GitLimits>; bytesMax?: number; documentsMax?: number } = {}) {
  const egress = createEgress([server.host]);
  closing.push(egress);
  return createShelf(createGitSource({ ...GIT_LIMITS, ...limits }), { egress, config: { url: server.url, ...config }, secrets, ...more });
}
const paths = (documents: readonly { externalId: string }[]) => documents.map(({ externalId }) => externalId);

function fill(server: Server): void {
  server.write('README.md', '# Handbook\n\nWelcome.');
  server.write('docs/leave.md', '---\ntitle: Leave\n---\nThirty days.');
  server.write('docs/pay/salary.html', '<h1>Pay</h1><p>Monthly.</p>');
  server.write('docs/pay/bands.csv', 'band,pay\nA,1');
  server.write('src/app.ts', 'export const a = 1;');
  server.write('logo.png', new Uint8Array([137, 80, 78, 71]));
  server.commit('First');
}

describe.each<[string, GitServerOptions]>([['a server that sends files one by one', {}], ['a server that sends all at once', { partial: false }], ['a server of the old protocol', { old: true }]])('%s', (_name, options) => {
  test('files of kinds that are read become documents; the next state brings only what changed', async () => {
    const server = await repository(options);
    fill(server);
    const kept = shelf(server);
    const { documents, problems, incomplete } = await kept.read();
    expect([paths(documents), problems, incomplete]).toEqual([['README.md', 'docs/leave.md', 'docs/pay/bands.csv', 'docs/pay/salary.html'], [], null]);
    expect(documents[1]).toMatchObject({ title: 'docs/leave.md', url: null, content: { contentType: 'text/markdown', fileName: 'leave.md' }, metadata: { path: 'docs/leave.md', branch: 'main' } });
    expect(documents[1]?.fingerprint).toBe(server.git(['rev-parse', 'HEAD:docs/leave.md']));
    expect(kept.textOf('docs/leave.md')).toBe('---\ntitle: Leave\n---\nThirty days.');

    // Nothing happened: the branch is looked at and nothing is fetched.
    server.asked();
    expect(await kept.read()).toMatchObject({ documents: [], unchanged: { length: 4 }, gone: [] });
    expect(server.asked()).toEqual(options.old ? ['GET info/refs'] : ['GET info/refs', 'POST git-upload-pack']);

    server.write('docs/sick.md', 'Call in.');
    server.write('docs/leave.md', 'Thirty-one days.');
    server.git(['rm', '-q', 'docs/pay/bands.csv']);
    server.git(['mv', 'README.md', 'START.md']);
    server.commit('Second');
    const second = await kept.read();
    expect([paths(second.documents), second.unchanged, second.gone]).toEqual([['START.md', 'docs/leave.md', 'docs/sick.md'], ['docs/pay/salary.html'], ['README.md', 'docs/pay/bands.csv']]);
    expect(kept.textOf('docs/leave.md')).toBe('Thirty-one days.');

    // Lost here since: the same state is fetched again.
    kept.held.delete('docs/sick.md');
    expect(await kept.read()).toMatchObject({ documents: [{ externalId: 'docs/sick.md' }], gone: [] });
  });

  test('a private repository is read with its token, and without or with a wrong one it is said what to do', async () => {
    const server = await repository({ ...options, login: { user: 'x-access-token', token: 'ghp_token_123456' } });
    fill(server);
    expect((await shelf(server, {}, { secrets: { token: 'ghp_token_123456' } }).read()).documents).toHaveLength(4);
    await expect(shelf(server).test()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('It does not exist, or is private: check the address, or write an access token.') });
    const wrong = shelf(server, {}, { secrets: { token: 'wrong_token_987654' } });
    await expect(wrong.test()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('The token is wrong or has expired.') });
    const told = await wrong.read().catch((error: Error) => error.message);
    expect(told).not.toContain('wrong_token');
    expect(told).not.toContain(Buffer.from('x-access-token:wrong_token_987654').toString('base64'));
  });
});

describe('what is read', () => {
  test('a branch, a folder, patterns', async () => {
    const server = await repository();
    fill(server);
    server.git(['checkout', '-q', '-b', 'next/one']);
    server.write('docs/next.md', 'Next.');
    server.commit();
    server.git(['checkout', '-q', 'main']);
    const read = async (config: Record<string, unknown>) => paths((await shelf(server, config).read()).documents);
    expect(await read({ branch: 'next/one', folder: 'docs/' })).toContain('docs/next.md');
    expect(await read({ folder: '/docs/pay' })).toEqual(['docs/pay/bands.csv', 'docs/pay/salary.html']);
    expect(await read({ include: ['*.md', 'docs/**/*.{csv,html}'], exclude: ['**/bands.*'] })).toEqual(['README.md', 'docs/leave.md', 'docs/pay/salary.html']);
    expect(await read({ exclude: ['docs/'] })).toEqual(['README.md']);
    await expect(read({ branch: 'nope' })).rejects.toMatchObject({ code: 'not-found', message: 'There is no branch “nope” in this repository.' });
    await expect(read({ folder: 'nope' })).rejects.toMatchObject({ code: 'settings', message: 'There is no folder “nope” in this repository.' });
  });

  test('no more files than are set, and none that is too large, a link, or kept elsewhere', async () => {
    const server = await repository();
    fill(server);
    server.write('large.md', 'x'.repeat(5_000));
    server.write('video.pdf', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n');
    server.link('passwd.md', '/etc/passwd');
    server.link('hosts', '/etc/hosts');
    server.commit();
    const { documents, problems } = await shelf(server, {}, { bytesMax: 1_000 }).read();
    expect(paths(documents)).toHaveLength(4);
    expect(Object.fromEntries(problems.map(({ name, message }) => [name, message]))).toEqual({ 'large.md': 'It is too large.', 'passwd.md': 'It is a link to another file. Links are not followed.', 'video.pdf': 'It is kept in Git LFS, which is not read. Upload it as a file.' });
    const few = shelf(server, { filesMax: 2 });
    expect(await few.read()).toMatchObject({ documents: [{ externalId: 'README.md' }, { externalId: 'docs/leave.md' }], problems: [{ name: 'Files', message: expect.stringContaining('2 files') }], incomplete: null });
    server.git(['rm', '-q', 'README.md']);
    server.commit();
    expect(await few.read()).toMatchObject({ documents: [{ externalId: 'docs/pay/bands.csv' }], unchanged: ['docs/leave.md'], gone: ['README.md'], problems: { length: 1 } });
  });

  test('people may open a file where its host is known', () => {
    const at = (url: string, branch: string | null = 'main') => fileAddress(new URL(url), branch, 'docs/a b#1.md');
    expect(at('https://github.com/acme/handbook.git')).toBe('https://github.com/acme/handbook/blob/main/docs/a%20b%231.md');
    expect(at('https://gitlab.com/acme/team/handbook', 'next/one')).toBe('https://gitlab.com/acme/team/handbook/-/blob/next/one/docs/a%20b%231.md');
    expect(at('https://bitbucket.org/acme/handbook.git', null)).toBe('https://bitbucket.org/acme/handbook/src/HEAD/docs/a%20b%231.md');
    expect(at('https://git.acme.com/acme/handbook.git')).toBeNull();
  });

  test('a look says how much there is and shows the first files', async () => {
    const server = await repository();
    fill(server);
    expect(await shelf(server).test()).toMatchObject({ message: 'Branch main can be read: 4 files.', found: 4, sample: [{ title: 'README.md', text: '# Handbook\n\nWelcome.', url: null }, { title: 'docs/leave.md' }, { title: 'docs/pay/bands.csv' }] });
    expect(await shelf(server, { include: ['*.xyz'] }).test()).toMatchObject({ found: 0, sample: [] });
    expect(await shelf(server, {}, { limits: { packBytesMax: 100 } }).test()).toEqual({ message: 'Branch main can be read. It is too large to look into here.', found: null, sample: [] });
    const empty = await repository();
    await expect(shelf(empty).test()).rejects.toMatchObject({ code: 'not-found', message: 'The repository is empty.' });
  });
});

describe('a hostile repository', () => {
  const entry = (mode: string, name: string, oid: string): Buffer => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);

  test('with names that lead elsewhere: their folders are left out and said, the others are read, modules are not fetched', async () => {
    const server = await repository();
    const blob = server.object('blob', Buffer.from('# Fine'));
    const folders = ['..', '.git', '../../evil.md', '.git/hooks/post-checkout.md', 'a\\b.md'].map((name, index) => entry('40000', `bad${index}`, server.object('tree', Buffer.concat([entry('100644', name, blob), entry('100644', 'fine.md', blob)]))));
    server.commitTree(server.object('tree', Buffer.concat([...folders, entry('100644', 'good.md', blob), entry('160000', 'module.md', 'a'.repeat(40))])));
    const reading = await shelf(server).read();
    expect([paths(reading.documents), reading.incomplete]).toEqual([['good.md'], 'These folders are damaged or hold names that lead elsewhere: bad0, bad1, bad2, bad3, bad4.']);
  });

  test('of a billion paths, or folders without end: so many are looked at and the rest is said', async () => {
    const server = await repository();
    const blob = server.object('blob', Buffer.from('# Bomb'));
    let tree = server.object('tree', Buffer.concat(Array.from({ length: 10 }, (_, index) => entry('100644', `${index}.md`, blob))));
    for (let level = 0; level < 9; level += 1) { const below = tree; tree = server.object('tree', Buffer.concat(Array.from({ length: 10 }, (_, index) => entry('40000', `d${index}`, below)))); }
    server.commitTree(tree);
    const bomb = await shelf(server, { filesMax: 5 }, { limits: { entriesMax: 2_000 } }).read();
    expect([bomb.documents.length, bomb.incomplete]).toEqual([5, expect.stringContaining('more files and folders than are looked at')]);
    expect(await shelf(server, { exclude: ['*.md'] }, { limits: { entriesMax: 2_000 } }).read()).toMatchObject({ documents: [], incomplete: expect.stringContaining('more files and folders than are looked at') });

    const deep = await repository();
    deep.git(['fast-import', '--quiet'], `commit refs/heads/main\ncommitter A <a@example.com> 0 +0000\ndata 1\nx\nM 100644 inline top.md\ndata 1\nx\nM 100644 inline ${'a/'.repeat(1_000)}deep.md\ndata 1\nx\n\n`);
    expect(await shelf(deep).read()).toMatchObject({ documents: [{ externalId: 'top.md' }], incomplete: expect.stringContaining('Choose a folder of it') });
  });

  test('with a huge file that packs to little: unpacking ends at the limit of memory, and only this file is left out where files come one by one', async () => {
    const server = await repository();
    server.write('a.md', 'Fine.');
    server.write('z.md', 'Fine too.');
    server.zeros('bomb.md', 128 * 1024 * 1024);
    server.commit();
    const kept = shelf(server, {}, { limits: { memoryBytesMax: 200 * 1024 * 1024 } });
    const { documents, problems } = await kept.read();
    expect([paths(documents), problems]).toEqual([['a.md', 'z.md'], [{ externalId: 'bomb.md', name: 'bomb.md', message: 'It is too large.' }]]);
    server.git(['config', 'uploadpack.allowFilter', 'false']);
    kept.held.clear();
    await expect(kept.read()).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('more time or memory') });
  }, 120_000);

  test('that is larger than is fetched, answers with rubbish, or breaks off', async () => {
    const server = await repository({ partial: false });
    server.write('a.md', randomBytes(50_000));
    server.commit();
    await expect(shelf(server, {}, { limits: { packBytesMax: 1_000 } }).read()).rejects.toMatchObject({ code: 'too-large' });

    const refs = '001e# service=git-upload-pack\n0000000eversion 2\n000cls-refs\n0012fetch=shallow\n0000';
    const oid = 'a'.repeat(40);
    const line = (text: string | Buffer): Buffer => Buffer.concat([Buffer.from((text.length + 4).toString(16).padStart(4, '0')), Buffer.from(text)]);
    for (const [pack, code] of [
      [[line('packfile\n'), line(Buffer.concat([Buffer.of(1), Buffer.from('no pack at all')])), Buffer.from('0000')], 'unexpected'], [[line('packfile\n'), line(Buffer.concat([Buffer.of(3), Buffer.from('access denied: token_123456')]))], 'unexpected'],
      [[line('ERR upload-pack: not our ref\n')], 'unexpected'], [[Buffer.from('zzzz')], 'unexpected'], [[line('packfile\n'), Buffer.from('ffff\x01')], 'unexpected'],
    ] as const) {
      const fake = await startLoopback(({ url, body }) => (url.pathname.endsWith('/info/refs')
        ? { headers: { 'content-type': 'application/x-git-upload-pack-advertisement' }, body: refs }
        : { headers: { 'content-type': 'application/x-git-upload-pack-result' }, body: body.includes('ls-refs') ? Buffer.concat([line(`${oid} HEAD symref-target:refs/heads/main\n`), Buffer.from('0000')]) : Buffer.concat(pack) }));
      closing.push(fake);
      await expect(shelf({ host: fake.host, url: `${fake.url}/x.git` }, {}, { secrets: { token: 'token_123456' } }).read()).rejects.toMatchObject({ code, message: expect.not.stringContaining('token_123456') });
    }
  });

  test('patterns that compare without end are given up', async () => {
    const server = await repository();
    server.write(`${'a'.repeat(120)}.md`, 'x');
    server.commit();
    await expect(shelf(server, { include: [`${'*a'.repeat(30)}b`] }, { limits: { listMs: 1_000 } }).read()).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining('Write simpler patterns') });
  });

  test('a stopped reading ends at once and leaves nothing behind', async () => {
    const server = await repository();
    fill(server);
    const controller = new AbortController();
    const reading = shelf(server).read(controller.signal);
    setTimeout(() => { controller.abort(new Error('stopped')); }, 150);
    await expect(reading).rejects.toThrow('stopped');
  });
});

describe('addresses', () => {
  test('what is no repository is said, and a moved one gets no token at its new host', async () => {
    const page = await startLoopback(() => ({ headers: { 'content-type': 'text/html' }, body: '<html>' }));
    closing.push(page);
    await expect(shelf(page).test()).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('There is no Git repository at this address') });

    const server = await repository();
    fill(server);
    const moved = await startLoopback(({ url }) => ({ status: 301, headers: { location: `${server.url}${url.pathname.replace('/old.git', '')}${url.search}` } }));
    closing.push(moved);
    const egress = createEgress([server.host, moved.host]);
    closing.push(egress);
    const followed = createShelf(gitSource, { egress, config: { url: `${moved.url}/old.git` }, secrets: { token: 'token_123456' } });
    expect((await followed.read()).documents).toHaveLength(4);
    expect(moved.calls.map(({ url }) => url.pathname)).toEqual(['/old.git/info/refs']);
  });

  test.each([['http://github.com/acme/x.git', 'settings'], ['https://ada:pw@github.com/acme/x.git', 'settings'], ['http://127.0.0.1:1/x.git', 'unreachable'], ['http://169.254.169.254/x.git', 'unreachable'], ['https://[::1]/x.git', 'unreachable']])('%s is refused', async (url, code) => {
    await expect(shelf({ host: 'none.example', url }, {}, { secrets: { token: 'token_123456' } }).read()).rejects.toMatchObject({ code });
  });
});
