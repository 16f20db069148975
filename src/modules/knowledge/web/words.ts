import { IconApi, IconBook2, IconBrandGit, IconBrandNotion, IconDatabase, IconFileText, IconMessageQuestion, IconPlugConnected, IconWorld, type Icon } from '@tabler/icons-react';
import { formatNumber } from '#web/kit/format.ts';
import type { DocumentState } from '#modules/knowledge/contract.ts';
import type { RefreshInterval, SourceKind } from '#modules/knowledge/sources/contract.ts';

/** Where a document stands, in a word. */
export const STATE_WORDS: Readonly<Record<DocumentState, string>> = { queued: 'Waiting', parsing: 'Reading', chunking: 'Splitting', embedding: 'Indexing', indexed: 'Indexed', failed: 'Failed' };

/** How each kind of source is drawn and what it holds, in the singular and the plural. */
export const SOURCE_LOOKS: Readonly<Record<SourceKind, { title: string; icon: Icon; unit: readonly [one: string, many: string]; /** Behind a verb. */ phrase?: string }>> = {
  upload: { title: 'Documents', icon: IconFileText, unit: ['file', 'files'] },
  qa: { title: 'Questions and answers', icon: IconMessageQuestion, unit: ['pair', 'pairs'] },
  api: { title: 'Sent by API', icon: IconPlugConnected, unit: ['text', 'texts'] },
  website: { title: 'Website', icon: IconWorld, unit: ['page', 'pages'], phrase: 'a website' },
  rest: { title: 'API', icon: IconApi, unit: ['record', 'records'], phrase: 'an API' },
  database: { title: 'Database', icon: IconDatabase, unit: ['row', 'rows'], phrase: 'a database' },
  notion: { title: 'Notion', icon: IconBrandNotion, unit: ['page', 'pages'] },
  confluence: { title: 'Confluence', icon: IconBook2, unit: ['page', 'pages'] },
  git: { title: 'Git', icon: IconBrandGit, unit: ['file', 'files'], phrase: 'a Git repository' },
};

export const REFRESH_WORDS: Readonly<Record<RefreshInterval, string>> = {
  never: 'Only when I ask', realtime: 'As soon as it changes', hourly: 'Every hour', daily: 'Every day', weekly: 'Every week', monthly: 'Every month',
};

/** `1 page`, `247 pages`. */
export const counted = (count: number, [one, many]: readonly [one: string, many: string]): string => `${formatNumber(count)} ${count === 1 ? one : many}`;
