/** How many things a reading takes, and what to say when there are more. */
export interface ReadingLimit { max: number; reason: string }

/** The smaller of the source's own setting and of what may be kept. `what` names the things, in the plural. */
export function readingLimit(own: number, documentsMax: number, what: string): ReadingLimit {
  return own <= documentsMax
    ? { max: own, reason: `Reading ended after ${own} ${what}, the number set for this source. There are more.` }
    : { max: documentsMax, reason: `Reading ended after ${documentsMax} ${what}: no more may be kept.` };
}
