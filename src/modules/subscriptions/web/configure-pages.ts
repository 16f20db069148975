import { configurationSections } from '#modules/capabilities/contract.ts';
import type { Subscription } from '#modules/subscriptions/contract.ts';

/** A page of the configuration: its address below the product, and the sections it edits together. */
export interface ConfigurePage { path: string; title: string; description: string; sections: readonly string[] }

/** Every page there can be, in the order buyers see them. The widget's section has a builder of its own. */
const PAGES: readonly ConfigurePage[] = [
  { path: 'persona', title: 'Persona', description: 'Who your product is when it talks to people.', sections: ['persona'] },
  { path: 'conversation', title: 'Conversation', description: 'The standing messages people read.', sections: ['conversation'] },
  { path: 'behavior', title: 'Behaviour', description: 'How it answers, what it must not do, and when it hands over.', sections: ['behavior', 'guardrails'] },
  { path: 'knowledge', title: 'Knowledge', description: 'How answers are drawn from your documents.', sections: ['rag'] },
  { path: 'branding', title: 'Branding', description: 'Your company’s name and look.', sections: ['branding'] },
  { path: 'output', title: 'Output', description: 'What created content looks like.', sections: ['output'] },
  { path: 'parameters', title: 'Settings', description: 'Settings that belong to this product alone.', sections: ['parameters'] },
];

/** The pages this product has: those with at least one section its capabilities leave to the buyer. */
export const configurePages = ({ capabilities, parameters }: Pick<Subscription, 'capabilities' | 'parameters'>): readonly ConfigurePage[] => {
  const open = new Set<string>(configurationSections(capabilities, { parameters }).filter(({ enabled }) => enabled).map(({ key }) => key));
  return PAGES.map((page) => ({ ...page, sections: page.sections.filter((key) => open.has(key)) })).filter(({ sections }) => sections.length > 0);
};
