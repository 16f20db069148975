import { Button, Group, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Fragment, useMemo, useState } from 'react';
import { z } from 'zod';
import { useCall } from '#web/api/use-endpoint.ts';
import { useCapability } from '#web/capabilities/capability-gate.tsx';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints, type KnowledgeDocument, type Metadata } from '#modules/knowledge/contract.ts';
import classes from './documents.module.css';

const Category = z.strictObject({ category: z.string().trim().max(80).default('').meta({ title: 'Category', description: 'Such as Prices or Policies; the table is searched by it.' }) });
const WithFields = Category.extend({
  fields: z.record(z.string().trim().min(1).max(80), z.string().trim().max(500)).default({}).meta({ title: 'Fields', description: 'Searches can be narrowed by them.' }),
});

/** A number or a yes and no that was not touched stays what it was; what is typed is a text. */
const typed = (fields: Readonly<Record<string, string>>, before: Metadata): Metadata =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, before[name] !== undefined && String(before[name]) === value ? before[name] : value]));

/** The category and the fields of a document, and the way to change them. */
export const DocumentFields = ({ document }: { document: KnowledgeDocument }) => {
  const [editing, setEditing] = useState(false);
  const fields = Object.entries(document.metadata);
  if (editing) return <FieldsForm document={document} onDone={() => { setEditing(false); }} />;
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text fw={500}>Category and fields</Text>
        <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconPencil size={14} />} onClick={() => { setEditing(true); }}>Edit</Button>
      </Group>
      {document.category === null && fields.length === 0
        ? <Text size="sm" c="dimmed">None.</Text>
        : (
          <dl className={classes.facts}>
            {document.category !== null && <><dt>Category</dt><dd dir="auto">{document.category}</dd></>}
            {fields.map(([name, value]) => <Fragment key={name}><dt>{name}</dt><dd dir="auto">{String(value)}</dd></Fragment>)}
          </dl>
        )}
    </div>
  );
};

const FieldsForm = ({ document, onDone }: { document: KnowledgeDocument; onDone: () => void }) => {
  const subscriptionId = useRouteParam('sub');
  const open = useCapability('configuration.rag.processing.metadata.customFields');
  const update = useCall(knowledgeEndpoints.updateDocument, { invalidates: [knowledgeEndpoints.listDocuments, knowledgeEndpoints.getDocument] });
  const initial = useMemo(() => ({ category: document.category ?? '', fields: Object.fromEntries(Object.entries(document.metadata).map(([name, value]) => [name, String(value)])) }), [document]);
  const save = async ({ category, fields }: { category: string; fields?: Record<string, string> }) => {
    await update.mutateAsync({ params: { subscriptionId, documentId: document.id }, body: { category: category === '' ? null : category, ...(fields === undefined ? {} : { metadata: typed(fields, document.metadata) }) } });
    toast.success('Saved');
    onDone();
  };
  const secondary = <Button variant="subtle" color="gray" onClick={onDone}>Cancel</Button>;
  return open
    ? <SchemaForm schema={WithFields} initial={initial} layout="narrow" actions="button" secondary={secondary} onSubmit={save} />
    : <SchemaForm schema={Category} initial={{ category: initial.category }} layout="narrow" actions="button" secondary={secondary} onSubmit={save} />;
};
