import type { CreateTemplate } from '#modules/gateway/web/start-creating.tsx';

/** Beginnings by the kind of assistant; each ends where the person goes on writing. */
const BY_KIND: Readonly<Record<string, readonly CreateTemplate[]>> = {
  writer: [
    { label: 'Blog post', prompt: 'Write a blog post of about 600 words about ' },
    { label: 'E-mail', prompt: 'Write a friendly e-mail that ' },
    { label: 'Social post', prompt: 'Write three short social media posts about ' },
    { label: 'Product description', prompt: 'Write a product description, with a headline and five benefits, for ' },
  ],
  code: [
    { label: 'Function', prompt: 'Write a function that ' },
    { label: 'Tests', prompt: 'Write tests for this code:\n\n' },
    { label: 'Explain', prompt: 'Explain what this code does, step by step:\n\n' },
    { label: 'Improve', prompt: 'Improve this code and say what you changed:\n\n' },
  ],
  data: [
    { label: 'Summary', prompt: 'Summarise the most important figures of ' },
    { label: 'Query', prompt: 'Write an SQL query that ' },
    { label: 'Report', prompt: 'Write a one-page report about ' },
  ],
};

/** Chips above the prompt: those of the kind, else the questions the product itself suggests. */
export const createTemplates = (kind: string | null, suggested: readonly string[]): readonly CreateTemplate[] =>
  BY_KIND[kind ?? ''] ?? suggested.slice(0, 4).map((prompt) => ({ label: prompt, prompt }));
