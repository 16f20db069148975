import { Group, Skeleton, Text, Title, UnstyledButton } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { authoringEndpoints, type FlowTemplateCard } from '#modules/flows/authoring/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CategoryChip } from '#web/kit/category.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { FailedState } from '#web/kit/states.tsx';
import classes from './import.module.css';

const HOUR_MS = 60 * 60 * 1000;

/** Complete flows to begin with: general ones, and the flow of every sample product. */
export const TemplateGallery = ({ busy, onStart }: { busy: boolean; onStart: (key: string, title: string) => void }) => {
  const templates = useEndpoint(authoringEndpoints.templates, undefined, { staleMs: HOUR_MS });
  return (
    <section className={classes.side} aria-labelledby="import-template">
      <Group gap="xs"><IconTemplate size={18} aria-hidden /><Title order={3} id="import-template">Start with a template</Title></Group>
      <Text c="dimmed">Complete flows that run at once. Change them as you like; buyers fill in their name, voice and documents.</Text>
      {templates.isError && <FailedState error={templates.error} onRetry={() => { void templates.refetch(); }} />}
      <ul className={classes.gallery} aria-label="Templates">
        {templates.data?.data.map((template) => <li key={template.key}><Card template={template} busy={busy} onStart={() => { onStart(template.key, template.title); }} /></li>)}
        {templates.isPending && Array.from({ length: 6 }, (_, index) => <li key={index}><Skeleton h={132} radius="md" /></li>)}
      </ul>
    </section>
  );
};

const Card = ({ template, busy, onStart }: { template: FlowTemplateCard; busy: boolean; onStart: () => void }) => (
  <UnstyledButton className={classes.template} disabled={busy} onClick={onStart}>
    <span className={classes.templateHead}>
      <ProductMark name={template.title} logo={template.logo} category={template.category ?? undefined} size={32} />
      <Text fw={600} component="span" className={classes.templateName}>{template.title}</Text>
    </span>
    <Text c="dimmed" size="xs" component="span" className={classes.templateText}>{template.description}</Text>
    <span className={classes.templateFacts}>
      {template.category !== null && <CategoryChip category={template.category} />}
      <span>{template.steps} steps</span>
      <span>{template.needs.length === 0 ? 'Needs nothing' : `Needs ${template.needs.map((need) => need.charAt(0).toLowerCase() + need.slice(1)).join(', ')}`}</span>
    </span>
  </UnstyledButton>
);
