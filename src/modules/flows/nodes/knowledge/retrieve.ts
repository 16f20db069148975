import { z } from 'zod';
import type { Passage } from '#modules/models/ports.ts';
import type { NodeContext, Value } from '../../node-type.ts';
import { KNOWLEDGE_TOOL } from '../agent/tools.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { toolValue } from '../define-tool.ts';
import { numberedPassages, textOf } from '../values.ts';

const Arguments = z.object({ query: z.string().min(1).max(4000).describe('What to look for, in a few words or a question.') });

export const knowledgeRetrieve = defineNode({
  type: 'knowledge.retrieve',
  title: 'Knowledge search',
  description: "Searches the buyer's knowledge and gives the passages that fit.",
  family: 'knowledge',
  config: z.strictObject({
    /** Most passages; the knowledge base's own setting when null. */
    topK: z.number().int().min(1).max(100).nullable().default(null),
  }),
  inputs: [{ name: 'query' }],
  outputs: [{ name: 'passages' }, { name: 'text' }, { name: 'tool' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const search = (query: string) => context.searchKnowledge(query, config.topK === null ? {} : { topK: config.topK });
    const tool = toolValue(KNOWLEDGE_TOOL, 'Searches the knowledge of this assistant and returns numbered passages.', Arguments, async ({ query }) => {
      const found = await search(query);
      if (found.length > 0) return text(numberedPassages(found, citationNumber(context)));
      return text(context.grounding().length > 0 ? 'Nothing further was found, or there is no room for more passages.' : 'Nothing found.');
    });
    const asked = inputAt(inputs, 'query');
    // Connected as a tool only: the agent decides what to search.
    if (asked === undefined) return { tool, passages: { kind: 'passages', passages: [] }, text: text('') };
    const query = textOf(asked).trim();
    const passages = query === '' ? [] : await search(query);
    return { passages: { kind: 'passages', passages }, text: text(numberedPassages(passages, citationNumber(context))), tool };
  },
});

/** The number under which the run cites a passage: its place in the run's grounding. */
export function citationNumber(context: NodeContext): (passage: Passage, index: number) => number {
  const places = new Map(context.grounding().map((passage, index) => [passage.chunkId, index + 1]));
  return (passage, index) => places.get(passage.chunkId) ?? index + 1;
}
