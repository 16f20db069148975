import { Radio, Stack, Text, Title } from '@mantine/core';
import { SUBCATEGORIES, type Category } from '#modules/capabilities/contract.ts';
import { CATEGORIES } from '#web/kit/category.tsx';
import { CATEGORY_WORDS, kindTitle } from './category-words.ts';
import classes from './wizard.module.css';

const NAMES: readonly Category[] = ['agent', 'app', 'assistant', 'automation'];
const isCategoryName = (text: string): text is Category => NAMES.some((name) => name === text);

/** The first step: the category, then the kind within it. */
export const CategoryChoice = ({ category, kind, onChange, error }: {
  category: Category | null; kind: string; onChange: (category: Category, kind: string) => void; error?: string;
}) => (
  <Stack gap="xl">
    <Radio.Group
      value={category} label="Category" labelProps={{ className: classes.unseen }}
      onChange={(value) => { if (isCategoryName(value) && value !== category) onChange(value, ''); }}
    >
      <div className={classes.choices}>
        {NAMES.map((name) => {
          const { label, icon: CategoryIcon } = CATEGORIES[name];
          return (
            <Radio.Card key={name} value={name} className={classes.choice} type="button" data-checked={name === category || undefined}>
              <span className={classes.choiceIcon} data-category={name}><CategoryIcon size={24} stroke={1.75} aria-hidden /></span>
              <Text fw={600}>{label}</Text>
              <Text c="dimmed">{CATEGORY_WORDS[name].description}</Text>
            </Radio.Card>
          );
        })}
      </div>
    </Radio.Group>
    {category !== null && (
      <Stack gap="sm">
        <div>
          <Title order={3}>What kind of {CATEGORIES[category].label.toLowerCase()}?</Title>
          <Text c="dimmed">It decides what is switched on to begin with. You can change every setting later.</Text>
        </div>
        <Radio.Group value={kind} label="Kind" labelProps={{ className: classes.unseen }} onChange={(value) => { onChange(category, value); }} error={error}>
          <div className={classes.choices}>
            {SUBCATEGORIES[category].map((name) => (
              <Radio.Card key={name} value={name} className={classes.choice} type="button" data-checked={name === kind || undefined}>
                <Text fw={500}>{kindTitle(category, name)}</Text>
                <Text c="dimmed" size="xs">{CATEGORY_WORDS[category].kinds[name]?.description}</Text>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
      </Stack>
    )}
  </Stack>
);
