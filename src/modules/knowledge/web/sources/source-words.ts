import { formatBytes, formatNumber } from '#web/kit/format.ts';
import type { Source, SyncResult } from '#modules/knowledge/sources/contract.ts';
import { counted, SOURCE_LOOKS } from '../words.ts';

/** How a source stands, in words: a coloured word, then facts. */
export interface SourceWords { tone: 'good' | 'busy' | 'bad' | 'off'; word: string; facts: string[] }

/** Whether something of a source moves, so that it is worth looking again soon. */
export const moves = ({ status, documents }: Source): boolean => status === 'syncing' || documents.processing > 0;

/** Kinds that are read from elsewhere, and so can be read again. */
export const isRead = ({ kind }: Source): boolean => kind !== 'upload' && kind !== 'qa' && kind !== 'api';

/** What a source is called: its own name, else its kind's. */
export const titleOf = ({ name, kind }: { name: string; kind: Source['kind'] }): string => name || SOURCE_LOOKS[kind].title;

/** `Synced · 247 pages`, `Indexed · 15 files · 2.3 MB`, `Reading`. Times are left to whoever draws them. */
export function sourceWords(source: Source): SourceWords {
  const { status, documents, kind } = source;
  const { unit } = SOURCE_LOOKS[kind];
  const facts = [
    counted(documents.total, unit),
    ...(kind === 'upload' && documents.total > 0 ? [formatBytes(source.bytes)] : []),
    ...(documents.processing > 0 && status !== 'syncing' ? [`${formatNumber(documents.processing)} being indexed`] : []),
    ...(documents.failed > 0 ? [`${formatNumber(documents.failed)} failed`] : []),
  ];
  if (!isRead(source)) {
    if (documents.total === 0) return { tone: 'off', word: 'Empty', facts: [] };
    if (documents.processing > 0) return { tone: 'busy', word: 'Reading', facts };
    return documents.indexed === 0 ? { tone: 'bad', word: 'Failed', facts } : { tone: 'good', word: kind === 'api' ? 'Connected' : 'Indexed', facts };
  }
  switch (status) {
    case 'syncing': return { tone: 'busy', word: 'Reading', facts };
    case 'failed': return { tone: 'bad', word: 'Failed', facts };
    case 'paused': return { tone: 'off', word: 'Paused', facts };
    case 'pending': return { tone: 'off', word: 'Not read yet', facts: [] };
    case 'synced': return { tone: documents.processing > 0 ? 'busy' : 'good', word: source.refresh === 'realtime' ? 'Live' : 'Synced', facts };
  }
}

/** What the last reading did: `12 added · 3 changed · 1 removed`, or that nothing changed. */
export function resultWords({ added, changed, removed, skipped, problems, message }: SyncResult): string {
  const parts = [
    added > 0 && `${formatNumber(added)} added`, changed > 0 && `${formatNumber(changed)} changed`, removed > 0 && `${formatNumber(removed)} removed`,
    skipped > 0 && `${formatNumber(skipped)} skipped`, problems.length > 0 && counted(problems.length, ['problem', 'problems']),
  ].filter((part) => part !== false);
  return [parts.length === 0 ? 'Nothing changed' : parts.join(' · '), message].filter((part) => part !== '').join(' · ');
}

/** What to do about a failed reading, by the kind of failure; the message itself says what happened. */
export function whatToDo(code: string): string {
  switch (code) {
    case 'unreachable': return 'It is tried again by itself. If it goes on, check the address and that it is open to the internet.';
    case 'refused': return 'Check the credentials in its settings and what they may read.';
    case 'not-found': case 'settings': return 'Change its settings, test the connection, and read it again.';
    case 'too-large': return 'Narrow it down in its settings, or choose a larger plan.';
    case 'source-not-included': case 'refresh-not-included': return 'Choose a plan that includes it, or remove it. What was read stays.';
    default: return 'Test the connection in its settings. What was read before stays and is still searched.';
  }
}
