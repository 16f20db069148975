import { KNOWLEDGE } from './category-defaults.ts';
import { NAME_LENGTH_MAX, NAMES_MAX } from './contract/leaves.ts';
import type { DeclaredCapabilities } from './contract/declared-capabilities.ts';
import type { Category, Subcategory } from './contract/product-capabilities.ts';
import { takesMessages } from './flow-facts.ts';
import type { FlowRequirementsShape, FlowTraits } from './contract/flow-shape.ts';

/** As much of an import report as a proposal needs. */
export interface FlowSummary {
  traits: FlowTraits;
  entryPoints: readonly { kind: string }[];
  parameters: readonly { name: string }[];
  requires: FlowRequirementsShape;
}

/**
 * Proposes a declaration from what a flow visibly does, for the seller to change. It says yes to what the flow shows and
 * no to what the category's defaults would promise without it, so that a fresh import has nothing it cannot deliver.
 * Merge it with `withCategoryDefaults`.
 */
export const proposeCapabilities = (category: Category, subcategory: Subcategory | null, summary: FlowSummary): DeclaredCapabilities => {
  const { traits, requires } = summary;
  const entries = new Set(summary.entryPoints.map((entry) => entry.kind));
  // A flow may answer in chat form and yet take nothing from a person; only a way in makes a conversation.
  const messages = takesMessages(entries);
  const converses = messages && category !== 'automation';
  const kind = subcategory ?? (category === 'agent' ? (traits.agents > 1 ? 'multi' : 'single') : null);
  return {
    category,
    ...(kind === null ? {} : { subcategory: { [category]: kind } }),
    interfaces: {
      chat: {
        enabled: converses && category !== 'app',
        features: {
          streaming: traits.streaming,
          fileUpload: traits.files || entries.has('file'),
          imageInput: traits.images,
          multiTurn: traits.memory || (category === 'agent' && converses),
          suggestedReplies: category === 'agent' && converses,
        },
      },
      ...(category === 'automation' ? {} : { widget: { enabled: messages || entries.has('file') } }),
    },
    configuration: {
      ...(category === 'agent' || category === 'assistant' ? voiceOf(summary, converses) : {}),
      rag: traits.knowledge ? KNOWLEDGE : { enabled: false },
      ...(category === 'automation' || entries.has('webhook') ? { workflowAdvanced: { enabled: true, triggers: triggersOf(entries) } } : {}),
    },
    runtime: {
      dependencies: {
        models: boundedNames(requires.models),
        services: boundedNames(requires.connections),
        mcpServers: boundedNames(requires.mcpServers),
      },
    },
  };
};

/** Persona options beyond the category's, where the flow has a place for them. Nothing is taken away. */
const voiceOf = ({ parameters }: FlowSummary, converses: boolean) => {
  const mentions = (word: RegExp) => parameters.some(({ name }) => word.test(name));
  const options = {
    ...(mentions(/persona_(name|role)/) ? { name: true } : {}),
    ...(mentions(/tone|brand_voice/) ? { tone: true } : {}),
    ...(mentions(/language/) ? { language: true } : {}),
  };
  return {
    persona: { options },
    ...(converses ? {} : { conversation: { enabled: false } }),
  };
};

/** Buyers may always start a run by hand or by the API; the rest as the flow begins. */
const triggersOf = (entries: ReadonlySet<string>) => ({
  webhook: { enabled: entries.has('webhook') },
  schedule: { enabled: true },
  event: { enabled: false },
  manual: { enabled: true },
  api: { enabled: true },
});

const boundedNames = (names: readonly string[]): string[] =>
  [...new Set(names)].filter((name) => name.length > 0 && name.length <= NAME_LENGTH_MAX).slice(0, NAMES_MAX);
