import { Badge, Button, Group, Switch, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { FlowParameter, ImportReport } from '#modules/flows/contract.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { buyerSchema } from './buyer-schema.ts';
import classes from './import.module.css';

const shownDefault = (value: FlowParameter['default']): string => (value === null || value === '' ? 'empty' : Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));

const KINDS: Readonly<Record<FlowParameter['kind'], string>> = { text: 'Text', 'long-text': 'Long text', number: 'Number', boolean: 'Yes or no', choice: 'Choice', list: 'List' };

/** Values of the flow that each buyer may make their own, and the form buyers get from them. Without `onExpose` it is only read. */
export const ReportParameters = ({ parameters, nodes, exposed, onExpose }: {
  parameters: readonly FlowParameter[]; nodes: ImportReport['nodes']['all']; exposed: readonly string[]; onExpose?: (name: string, on: boolean) => void;
}) => {
  const [form, setForm] = useState(false);
  const count = parameters.filter(({ name }) => exposed.includes(name)).length;
  const schema = useMemo(() => buyerSchema(parameters, exposed), [parameters, exposed]);
  return (
    <section className={classes.card} aria-label="What buyers can set">
      <div className={classes.cardHead} data-alone={parameters.length === 0 || undefined}>
        <div>
          <Title order={3}>What buyers can set</Title>
          <Text c="dimmed">{parameters.length === 0 ? 'The file has no values that could be handed to buyers.' : onExpose === undefined ? 'Values of the flow that each buyer makes their own; the rest stay as the seller made them.' : 'Values of your flow. Switch on those that each buyer makes their own; the rest stay as you made them.'}</Text>
        </div>
        {parameters.length > 0 && (
          <Group gap="xs">
            <Badge color="gray">{count} of {parameters.length}</Badge>
            {count > 0 && <Button size="compact-xs" variant="default" aria-expanded={form} onClick={() => { setForm(!form); }}>{form ? 'Hide the form' : 'See the buyer’s form'}</Button>}
          </Group>
        )}
      </div>
      {form && count > 0 && <div className={classes.buyerForm}><SchemaForm key={exposed.join(' ')} schema={schema} actions="none" layout="plain" onSubmit={async () => undefined} /></div>}
      {parameters.map((parameter) => (
        <div key={parameter.name} className={classes.parameter}>
          <div>
            <Group gap="xs"><Text fw={500}>{parameter.title}</Text><Text size="xs" c="dimmed">{[KINDS[parameter.kind], nodes.find(({ id }) => id === parameter.node)?.name ?? ''].filter(Boolean).join(' in ')}</Text></Group>
            {parameter.description !== '' && <Text c="dimmed">{parameter.description}</Text>}
            <div className={classes.value} dir="auto">Now: {shownDefault(parameter.default)}</div>
          </div>
          {onExpose === undefined
            ? <Badge miw="max-content" color={exposed.includes(parameter.name) ? 'accent' : 'gray'}>{exposed.includes(parameter.name) ? 'Buyers set it' : 'Fixed'}</Badge>
            : <Switch aria-label={`Let buyers set ${parameter.title}`} label="Let buyers set this" labelPosition="left" checked={exposed.includes(parameter.name)} onChange={(event) => { onExpose(parameter.name, event.currentTarget.checked); }} styles={{ label: { fontWeight: 400, whiteSpace: 'nowrap' } }} />}
        </div>
      ))}
    </section>
  );
};
