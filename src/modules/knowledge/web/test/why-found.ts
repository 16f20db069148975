import type { FoundBy } from '#modules/knowledge/contract.ts';
import { formatNumber } from '#web/kit/format.ts';

/** Why a passage was found, in a sentence for whoever tries a question. */
export function whyFound({ words, meaning, reranked }: FoundBy): string {
  const places = [...place(words, 'words'), ...place(meaning, 'meaning')];
  const missed = [...(words === null ? ['words'] : []), ...(meaning === null ? ['meaning'] : [])];
  return [
    [places.length > 0 && `Place ${places.join(' and ')}`, missed.length > 0 && `${places.length > 0 ? 'not' : 'Not'} among the best by ${missed.join(' and ')}`].filter((part) => part !== false).join(', '),
    reranked ? '; a model read the best again and put them in this order' : '', '.',
  ].join('');
}

const place = (rank: number | null | undefined, by: string): string[] => (rank === null || rank === undefined ? [] : [`${formatNumber(rank)} by ${by}`]);
