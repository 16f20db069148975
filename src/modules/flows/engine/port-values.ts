/** What goes into a step and comes out of it by its ports: streams read to their end, and tools, which cannot be kept. */
import type { Value } from '../node-type.ts';
import type { CompiledNode } from './compiled-flow.ts';

/** By port; a list where several steps lead to it. */
export type Inputs = Record<string, Value | readonly Value[]>;
/** By port. */
export type Outputs = Readonly<Record<string, Value>>;

/** Whether anything among the inputs is still being written. */
export function hasStreams(inputs: Inputs): boolean {
  for (const port in inputs) {
    const value = inputs[port];
    if (value && ('kind' in value ? value.kind === 'stream' : value.some((one) => one.kind === 'stream'))) return true;
  }
  return false;
}

/** Streams among the inputs, read to their end. */
export async function collected(inputs: Inputs): Promise<Inputs> {
  for (const port in inputs) {
    const value = inputs[port];
    if (value && 'kind' in value) {
      if (value.kind === 'stream') inputs[port] = { kind: 'text', text: await wholeText(value.stream) };
    } else if (value?.some((one) => one.kind === 'stream')) inputs[port] = await Promise.all(value.map(async (one): Promise<Value> => (one.kind === 'stream' ? { kind: 'text', text: await wholeText(one.stream) } : one)));
  }
  return inputs;
}

/** A result whose streams were read to their end. */
export async function whole(result: Outputs): Promise<Outputs> {
  const read: Record<string, Value> = {};
  for (const [port, value] of Object.entries(result)) read[port] = value.kind === 'stream' ? { kind: 'text', text: await wholeText(value.stream) } : value;
  return read;
}

async function wholeText(stream: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

/** A tool cannot be kept, so a step that hands one on is done again in every life of a run; making a tool only computes. */
export const handsOnTool = (result: Outputs, { usedPorts }: CompiledNode): boolean => hasTools(result) && Object.entries(result).some(([port, value]) => value.kind === 'tool' && usedPorts.has(port));
/** What of a result is kept. */
export const withoutTools = (result: Outputs): Outputs => (hasTools(result) ? Object.fromEntries(Object.entries(result).filter(([, value]) => value.kind !== 'tool')) : result);

function hasTools(result: Outputs): boolean {
  for (const port in result) if (result[port]?.kind === 'tool') return true;
  return false;
}

/** What of an output node's result is shown: the first port that is not a tool. */
export const shownValue = (result: Outputs): Value | undefined => Object.values(result).find((value) => value.kind !== 'tool');
