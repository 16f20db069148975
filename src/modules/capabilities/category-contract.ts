import { z } from 'zod';

export const CATEGORIES = ['agent', 'app', 'assistant', 'automation'] as const;
export const Category = z.enum(CATEGORIES).meta({
  title: 'Category', description: 'What kind of product this is.', ui: { widget: 'radio-cards', columns: 2 },
});
export type Category = z.infer<typeof Category>;
