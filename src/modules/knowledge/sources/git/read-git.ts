import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SourceTest } from '../contract.ts';
import type { GitConfig, GitSecrets } from '../contract/git.ts';
import { basicAuthorization, QUICK, requireEncrypted } from '../http/source-http.ts';
import { claimedFormat } from '../../parse/sniff.ts';
import type { DocumentFormat } from '../../parse/parsed-document.ts';
import { readingLimit } from '../reading-limit.ts';
import { SourceError, type Found, type ReadContext } from '../source-reader.ts';
import { readableText } from '../text/html-text.ts';
import type { GitFile, GitListing } from './child-protocol.ts';
import { fetchFiles, type FetchedFile } from './fetch-files.ts';
import { fileAddress } from './file-address.ts';
import type { GitLimits } from './git-limits.ts';
import { GitRemote, type GitHead } from './git-remote.ts';
import { PackStore } from './pack-store.ts';

type Context = ReadContext<GitConfig, GitSecrets>;
type Tested = Omit<SourceTest, 'ok'>;

/** The state that was read last. Where its files are few enough to keep, the same state needs one question only. */
const Checkpoint = z.object({ commit: z.string(), settings: z.string(), files: z.array(z.string()).nullable() });
type Checkpoint = z.infer<typeof Checkpoint>;

const CHECKPOINT_CHARACTERS_MAX = 64_000;
const PATH_CHARACTERS_MAX = 2_000;
const KNOWN_AT_ONCE = 500;
const SAMPLES = 3;
const SAMPLE_CHARACTERS = 400;
const TEST_MS_MAX = 25_000;
const TEST_PACK_BYTES_MAX = 16 * 1024 * 1024;
const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?\n/;

const MIME: Readonly<Record<DocumentFormat, string>> = {
  pdf: 'application/pdf', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text', epub: 'application/epub+zip', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv', html: 'text/html', eml: 'message/rfc822', md: 'text/markdown', txt: 'text/plain',
};

/** Looks at a branch within seconds. Throws {@link SourceError}. */
export async function testGit(context: Context, limits: GitLimits): Promise<Tested> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TEST_MS_MAX)]);
  const remote = await open(context, { ...QUICK, signal });
  const head = await remote.head(context.config.branch);
  const named = `Branch ${head.branch ?? 'HEAD'} can be read`;
  const store = await PackStore.create({ limits: { ...limits, packBytesMax: Math.min(limits.packBytesMax, TEST_PACK_BYTES_MAX) }, bytesMax: context.bytesMax, signal });
  try {
    const listing = await fetchListing({ ...context, signal }, remote, store, head);
    const files = wantedFiles(listing);
    if (files.length === 0) return { message: `${named}, but it holds no files of a kind that can be read, at the places you chose.`, found: 0, sample: [] };
    const sample = [];
    for await (const fetched of fetchFiles(remote, store, files.filter(({ link }) => !link).slice(0, SAMPLES))) sample.push({ title: fetched.file.path, url: fileAddress(new URL(context.config.url), head.branch, fetched.file.path), text: excerptOf(fetched) });
    return { message: `${named}: ${files.length} ${files.length === 1 ? 'file' : 'files'}.`, found: files.length, sample };
  } catch (error) {
    context.signal.throwIfAborted();
    // It can be read, only not in the time or size of a look.
    if (signal.aborted || (error instanceof SourceError && error.code === 'too-large')) return { message: `${named}. It is too large to look into here.`, found: null, sample: [] };
    throw error;
  } finally {
    await store.close();
  }
}

/** Every file of a branch. Throws {@link SourceError} when it cannot be read. */
export async function* readGit(context: Context, limits: GitLimits): AsyncGenerator<Found> {
  const remote = await open(context);
  const head = await remote.head(context.config.branch);
  const settings = createHash('sha256').update(JSON.stringify(context.config)).digest('base64url');
  const before = await stillAs(context, head, settings);
  if (before) {
    for (const path of before) yield { type: 'unchanged', externalId: path };
    return context.remember({ ...context.checkpoint });
  }
  const store = await PackStore.create({ limits, bytesMax: context.bytesMax, signal: context.signal });
  try {
    yield* readState(context, { remote, store, head, settings });
  } finally {
    await store.close();
  }
}

interface State { remote: GitRemote; store: PackStore; head: GitHead; settings: string }

async function* readState(context: Context, { remote, store, head, settings }: State): AsyncGenerator<Found> {
  yield { type: 'progress', done: 0, total: null, message: 'Fetching the newest state' };
  const listing = await fetchListing(context, remote, store, head);
  const limit = readingLimit(context.config.filesMax, context.documentsMax, 'files');
  const all = wantedFiles(listing);
  const files = all.slice(0, limit.max);
  const due: GitFile[] = [];
  const kept: string[] = [];
  for (let from = 0; from < files.length; from += KNOWN_AT_ONCE) {
    const some = files.slice(from, from + KNOWN_AT_ONCE);
    const known = await context.known(some.map(({ path }) => path));
    for (const file of some) {
      if (file.path.length > PATH_CHARACTERS_MAX) yield problem(file, 'Its path is too long.');
      else if (file.link) yield problem(file, 'It is a link to another file. Links are not followed.');
      else if (known.get(file.path) === file.oid) {
        kept.push(file.path);
        yield { type: 'unchanged', externalId: file.path };
      } else due.push(file);
    }
  }
  let done = kept.length;
  try {
    for await (const fetched of fetchFiles(remote, store, due)) {
      done += 1;
      const found = foundOf(context, head, fetched);
      if (found.type === 'document') kept.push(fetched.file.path);
      yield found;
      yield { type: 'progress', done, total: files.length, message: 'Reading files' };
    }
  } catch (error) {
    // What came so far is kept, and the next reading fetches the rest.
    if (kept.length === 0 || !(error instanceof SourceError)) throw error;
    return yield { type: 'incomplete', reason: error.message };
  }
  if (listing.cut) return yield { type: 'incomplete', reason: 'The repository has more files and folders than are looked at. Choose a folder of it.' };
  if (listing.unreadable.length > 0) return yield { type: 'incomplete', reason: `These folders are damaged or hold names that lead elsewhere: ${listing.unreadable.toSorted().slice(0, 5).map((folder) => folder.slice(0, 100)).join(', ')}.` };
  // All files were seen and the first of them are taken, so those that are not among them are rightly gone.
  if (all.length > files.length) yield { type: 'problem', externalId: '/', name: 'Files', message: limit.reason };
  const checkpoint: Checkpoint = { commit: head.commit, settings, files: kept };
  // With something to tell, the same state is looked at again, so that it is told again.
  context.remember(JSON.stringify(checkpoint).length <= CHECKPOINT_CHARACTERS_MAX && kept.length === all.length ? checkpoint : { ...checkpoint, files: null });
}

async function open({ config, secrets, egress, signal, now }: Context, quick: { signal?: AbortSignal; triesMax?: number; answerMs?: number } = {}): Promise<GitRemote> {
  const url = new URL(config.url);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw new SourceError('settings', 'Write the address of the repository alone, and the token under “Access token”.');
  const { token } = secrets;
  if (token !== undefined) requireEncrypted(url, 'the token');
  const authorization = token === undefined ? null : basicAuthorization(config.user || (url.hostname === 'bitbucket.org' ? 'x-token-auth' : 'x-access-token'), token);
  return GitRemote.open({ egress, signal, now, ...quick, url, authorization, secrets: token === undefined ? [] : [token, authorization?.replace('Basic ', '') ?? ''] });
}

async function fetchListing({ config }: Context, remote: GitRemote, store: PackStore, head: GitHead): Promise<GitListing> {
  await store.add('state', remote.pack({ wants: [head.commit], withBlobs: false }, 1));
  return store.list('state', { commit: head.commit, folder: config.folder.replace(/^\/+|\/+$/g, ''), include: config.include, exclude: config.exclude });
}

/** Files of kinds that are read, in the order of their paths. */
const wantedFiles = ({ files }: GitListing): GitFile[] =>
  files.filter(({ path }) => claimedFormat({ fileName: nameOf(path) }) !== null).toSorted((a, b) => (a.path < b.path ? -1 : 1));

/** The paths that were read in this very state with these settings, if every one of them is still here. */
async function stillAs(context: Context, { commit }: GitHead, settings: string): Promise<string[] | null> {
  const checkpoint = Checkpoint.safeParse(context.checkpoint).data;
  if (!checkpoint?.files || checkpoint.commit !== commit || checkpoint.settings !== settings || checkpoint.files.length > context.documentsMax) return null;
  for (let from = 0; from < checkpoint.files.length; from += KNOWN_AT_ONCE) {
    const some = checkpoint.files.slice(from, from + KNOWN_AT_ONCE);
    const known = await context.known(some);
    if (some.some((path) => (known.get(path) ?? null) === null)) return null;
  }
  return checkpoint.files;
}

function foundOf({ config }: Context, { branch }: GitHead, { file, content }: FetchedFile): Found {
  if ('refused' in content) {
    return problem(file, { 'too-large': 'It is too large.', missing: 'The server did not send it.', damaged: 'What the server sent of it is damaged.' }[content.refused]);
  }
  if (content.length < 1_024 && LFS_POINTER.test(content.toString('latin1'))) return problem(file, 'It is kept in Git LFS, which is not read. Upload it as a file.');
  const format = claimedFormat({ fileName: nameOf(file.path) }) ?? 'txt';
  return {
    type: 'document',
    document: {
      externalId: file.path, title: file.path.slice(0, 300), content: { bytes: content, contentType: MIME[format], fileName: nameOf(file.path) }, url: fileAddress(new URL(config.url), branch, file.path), fingerprint: file.oid,
      metadata: { path: file.path.slice(0, 500), ...(branch === null ? {} : { branch: branch.slice(0, 200) }) },
    },
  };
}

const problem = ({ path }: GitFile, message: string): Found => ({ type: 'problem', externalId: path.slice(0, PATH_CHARACTERS_MAX), name: path, message });

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The beginning of a text; nothing of what is no text. */
function excerptOf({ file, content }: FetchedFile): string {
  const format = claimedFormat({ fileName: nameOf(file.path) });
  if ('refused' in content || (format !== 'md' && format !== 'txt' && format !== 'csv' && format !== 'html')) return '';
  return readableText(content.subarray(0, 20_000).toString('utf8')).slice(0, SAMPLE_CHARACTERS);
}
