import { BSON } from 'mongodb';
import { z } from 'zod';
import { SourceError } from '../../source-reader.ts';

/** Operators that run programs on the server. */
const RUNNING = new Set(['$where', '$function', '$accumulator', '$code']);
const DEPTH_MAX = 20;

const Filter = z.record(z.string(), z.unknown());

/** Which documents are read, from JSON; dates and ids as MongoDB writes them (Extended JSON). Throws SourceError. */
export function filterOf(query: string): BSON.Document {
  if (query === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(query);
  } catch {
    throw new SourceError('settings', 'The filter is no JSON. Write one object, such as {"active": true}.');
  }
  const filter = Filter.safeParse(parsed);
  if (!filter.success || Array.isArray(parsed)) throw new SourceError('settings', 'The filter must be one object, such as {"active": true}.');
  refuseRunning(filter.data, 0);
  try {
    return Filter.parse(BSON.EJSON.deserialize(filter.data, { relaxed: true }));
  } catch {
    throw new SourceError('settings', 'The filter holds a value that is none, such as an ObjectId of the wrong length.');
  }
}

function refuseRunning(value: unknown, depth: number): void {
  if (value === null || typeof value !== 'object') return;
  if (depth > DEPTH_MAX) throw new SourceError('settings', 'The filter is nested too deeply.');
  for (const [name, inner] of Object.entries(value)) {
    if (RUNNING.has(name)) throw new SourceError('settings', `The filter may not use ${name}: it is only for choosing documents.`);
    refuseRunning(inner, depth + 1);
  }
}
