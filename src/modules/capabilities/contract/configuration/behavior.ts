import { z } from 'zod';
import type { ProductCapabilities } from '../product-capabilities.ts';
import { section } from './section.ts';
import { onOff, share, text, texts, whole } from './values.ts';

/** Whether the product writes text in its own words, so that settings of a model mean something. */
const writes = ({ interfaces, configuration }: ProductCapabilities): boolean =>
  interfaces.chat.enabled || configuration.persona.enabled || configuration.output.enabled;

export const behavior = section({
  key: 'behavior',
  title: 'Behaviour',
  description: 'How it answers, and when it hands over to a person.',
  fields: {
    model: text(120, 'Model', 'What writes the answers.', { widget: 'select', suggestions: 'chat-models' }),
    temperature: share('Temperature', 'Low keeps to the likely wording, high is more inventive.'),
    maxTokens: whole({ min: 16, max: 32_000 }, 'Longest answer', 'Answers end here at the latest.', { unit: 'tokens', step: 64 }),
    includeSources: onOff('Include sources', 'Answers say which documents they rest on.'),
    suggestFollowups: onOff('Suggest follow-up questions', 'People see what they could ask next.'),
    escalateAfterUnanswered: whole({ min: 0, max: 20 }, 'Escalate after', 'Hand over after this many unanswered questions in a row; 0 never does.', { unit: 'unanswered questions' }),
    escalationTriggers: texts({ itemsMax: 20, lengthMax: 80 }, 'Escalation phrases', 'Hand over when somebody writes one of these.', { widget: 'tags', placeholder: 'human agent' }),
  },
  initial: ({ configuration: { rag } }) => ({
    model: rag.generation.model.default,
    temperature: 0.7,
    maxTokens: 2048,
    includeSources: rag.enabled && rag.retrieval.citations.enabled,
    suggestFollowups: false,
    escalateAfterUnanswered: 5,
    escalationTriggers: [],
  }),
  open: (capabilities) => {
    const { interfaces: { chat }, configuration: { rag } } = capabilities;
    return {
      model: writes(capabilities) && rag.generation.model.customizable,
      temperature: writes(capabilities),
      maxTokens: writes(capabilities),
      includeSources: rag.enabled && rag.retrieval.citations.enabled,
      suggestFollowups: chat.enabled && chat.features.suggestedReplies,
      escalateAfterUnanswered: chat.enabled,
      escalationTriggers: chat.enabled,
    };
  },
  narrowed: ({ configuration: { rag: { generation: { model } } } }) =>
    // Without named alternatives the buyer may pick any model of the installation's catalogue.
    (model.alternatives.length === 0 ? {} : { model: z.enum([...new Set([model.default, ...model.alternatives])]) }),
});

export const guardrails = section({
  key: 'guardrails',
  title: 'Guardrails',
  description: 'What it must not do.',
  fields: {
    blockCompetitors: onOff('Block competitor mentions', 'It does not talk about the companies you name.'),
    competitors: texts({ itemsMax: 50, lengthMax: 80 }, 'Competitors', 'Names it must not bring up.', { widget: 'tags', when: { path: 'blockCompetitors', equals: true } }),
    escalatePricing: onOff('Escalate pricing questions', 'Questions about prices go to a person.'),
    preventInvention: onOff('Never make up information', 'It says so when it does not know.'),
  },
  initial: ({ configuration: { rag } }) => ({
    blockCompetitors: false, competitors: [], escalatePricing: false, preventInvention: rag.enabled,
  }),
  open: ({ interfaces: { chat } }) => ({
    blockCompetitors: chat.enabled, competitors: chat.enabled, escalatePricing: chat.enabled, preventInvention: chat.enabled,
  }),
});
