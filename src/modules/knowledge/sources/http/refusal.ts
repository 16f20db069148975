import { SourceError } from '../source-reader.ts';

/** What a person can do about a status, by status. */
export type StatusHints = Readonly<Partial<Record<number, string>>>;

export interface Refusal {
  status: number;
  host: string;
  /** What the other side said, without secrets; may be empty. */
  words: string;
  /** How long it asks to wait; null where it does not say. */
  restMs: number | null;
}

const HINTS: StatusHints = {
  400: 'Check the settings: it does not understand the request.',
  401: 'The credentials are wrong or have expired. Make new ones there and write them here.',
  403: 'The credentials are known but may not read this. Allow it there, or use others.',
  404: 'There is nothing at this address. Check how it is written.',
  410: 'There is nothing at this address any more. Check how it is written.',
  429: 'It was asked too often. Try again later, or have it read less often.',
};

/** A refusal in words that say what to do. */
export function refusal({ status, host, words, restMs }: Refusal, hints: StatusHints): SourceError {
  const rest = restMs === null || restMs < 1_000 ? '' : ` It asks to wait ${duration(restMs)}.`;
  const hint = hints[status] ?? HINTS[status] ?? (status >= 500 ? 'It has a fault of its own. Try again later.' : 'Check the address and the settings.');
  return new SourceError(codeOf(status), `${host} answered with status ${status}${words === '' ? '' : ` (${words.replace(/[.\s]+$/, '')})`}. ${hint}${rest}`, { retryable: status === 429 || status >= 500 });
}

function codeOf(status: number): SourceError['code'] {
  if (status === 401 || status === 403 || status === 407) return 'refused';
  if (status === 404 || status === 410) return 'not-found';
  return status === 429 || status >= 500 ? 'unreachable' : 'unexpected';
}

const duration = (ms: number): string => (ms < 120_000 ? `${Math.ceil(ms / 1_000)} seconds` : `${Math.ceil(ms / 60_000)} minutes`);
