/**
 * Entry of the process that looks into packs; see `pack-store.ts`. What a repository holds is hostile until proven
 * otherwise, and unpacking it takes what it takes: so it happens here, without network, and ends at limits.
 */
import fs from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { indexPack, readBlob, readTree } from 'isomorphic-git';
import picomatch from 'picomatch';
import { answerFrame, FrameReader, READY } from '#platform/process/frames.ts';
import { type GitFailure, type GitFile, type GitListing, GIT_STATUS, GitRequest } from './child-protocol.ts';

/** Stores lie side by side in one folder, named by the server. */
const root = process.argv[2] ?? '';
/** What the library keeps of the store that was used last; the first one, of folders, stays. */
const caches = new Map<string, object>();
const OPEN_STORES_MAX = 2;

class Failed extends Error {
  readonly code: GitFailure;
  constructor(code: GitFailure) {
    super(code);
    this.code = code;
  }
}

async function answer(request: GitRequest): Promise<Uint8Array> {
  const place = open(request.store);
  switch (request.kind) {
    case 'index':
      await indexPack({ ...place, filepath: 'objects/pack/all.pack' });
      return new Uint8Array();
    case 'list': return Buffer.from(JSON.stringify(await list(place, request)));
    case 'blob': {
      const { blob } = await readBlob({ ...place, oid: request.oid }).catch((error: unknown) => { throw isNamed(error, 'NotFoundError') ? new Failed('missing') : error; });
      if (blob.byteLength > request.bytesMax) throw new Failed('too-large');
      return blob;
    }
  }
}

type Place = ReturnType<typeof open>;

function open(store: string) {
  const folder = path.join(root, path.basename(store));
  const cache = caches.get(store) ?? {};
  caches.set(store, cache);
  const [first, second] = caches.keys();
  if (caches.size > OPEN_STORES_MAX && first !== undefined && second !== undefined) caches.delete(second === store ? first : second);
  return { fs, dir: folder, gitdir: folder, cache };
}

type Request = Extract<GitRequest, { kind: 'list' }>;

async function list(place: Place, { commit, folder, include, exclude, entriesMax, depthMax }: Request): Promise<GitListing> {
  const wanted = matcher(include, true);
  const unwanted = matcher(exclude, false);
  const listing: GitListing = { files: [], cut: false, unreadable: [] };
  const open = [{ oid: await treeAt(place, commit, folder), at: folder, depth: 0 }];
  let entries = 0;
  for (let next = open.pop(); next && !listing.cut; next = open.pop()) {
    const { at, depth } = next;
    // A name that leads elsewhere makes the library refuse its whole folder.
    const tree = await readTree({ ...place, oid: next.oid }).then((read) => read.tree, () => null);
    if (tree === null) { listing.unreadable.push(at === '' ? '/' : at); continue; }
    for (const { path: name, oid, mode, type } of tree) {
      entries += 1;
      if (entries > entriesMax) { listing.cut = true; break; }
      const file: GitFile = { path: at === '' ? name : `${at}/${name}`, oid, link: mode === '120000' };
      if (type === 'tree') {
        if (depth < depthMax) open.push({ oid, at: file.path, depth: depth + 1 });
        else listing.cut = true;
      } else if (type === 'blob' && wanted(file.path) && !unwanted(file.path)) listing.files.push(file);
    }
  }
  return listing;
}

async function treeAt(place: Place, commit: string, folder: string): Promise<string> {
  let { oid, tree } = await readTree({ ...place, oid: commit });
  for (const name of folder.split('/').filter((part) => part !== '')) {
    const below = tree.find((entry) => entry.path === name && entry.type === 'tree');
    if (!below) throw new Failed('no-folder');
    ({ oid, tree } = await readTree({ ...place, oid: below.oid }));
  }
  return oid;
}

/** A pattern without a slash is about the name alone, as in `.gitignore`. */
function matcher(patterns: readonly string[], none: boolean): (file: string) => boolean {
  if (patterns.length === 0) return () => none;
  const tests = patterns.map((pattern) => picomatch(pattern.endsWith('/') ? `${pattern}**` : pattern.replace(/^\//, ''), { dot: true, nonegate: true, basename: !pattern.includes('/') }));
  return (file) => tests.some((test) => test(file));
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

async function serve(json: string): Promise<void> {
  const request = GitRequest.parse(JSON.parse(json));
  const result = await answer(request).then(
    (body) => ({ status: GIT_STATUS.ok, body }),
    (error: unknown) => ({ status: GIT_STATUS.failed, body: error instanceof Failed ? error.code : 'damaged' satisfies GitFailure }),
  );
  for (const part of answerFrame(result.status, result.body)) process.stdout.write(part);
}

Socket.prototype.connect = () => { throw new Error('no network in this process'); };
let queue = Promise.resolve();
const reader = new FrameReader(1024 * 1024, (payload) => { queue = queue.then(async () => serve(payload.toString('utf8'))); });
process.stdin.on('data', (chunk: Buffer) => { reader.push(chunk); });
// The server is gone, or wants us gone.
process.stdin.on('end', () => process.exit(0));
for (const part of answerFrame(READY, '')) process.stdout.write(part);
