import { IconApps, IconBolt, IconMessage2, IconRobot, type Icon } from '@tabler/icons-react';
import classes from './category.module.css';

/** The four kinds of product: word, plural address, icon and the name of its colour in the theme. */
export const CATEGORIES = {
  agent: { label: 'Agent', plural: 'Agents', slug: 'agents', icon: IconRobot },
  app: { label: 'App', plural: 'Apps', slug: 'apps', icon: IconApps },
  assistant: { label: 'Assistant', plural: 'Assistants', slug: 'assistants', icon: IconMessage2 },
  automation: { label: 'Automation', plural: 'Automations', slug: 'automations', icon: IconBolt },
} as const satisfies Record<string, { label: string; plural: string; slug: string; icon: Icon }>;
export type CategoryName = keyof typeof CATEGORIES;

export const isCategory = (text: string): text is CategoryName => Object.hasOwn(CATEGORIES, text);

/** The kind of a product, as a small coloured mark. */
export const CategoryChip = ({ category }: { category: CategoryName }) => {
  const { label, icon: CategoryIcon } = CATEGORIES[category];
  return <span className={classes.chip} data-category={category}><CategoryIcon size={14} aria-hidden />{label}</span>;
};
