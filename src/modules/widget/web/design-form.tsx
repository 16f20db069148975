import { Alert, Button, Group } from '@mantine/core';
import { useMemo } from 'react';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { uploadPicture } from '#modules/subscriptions/web/upload-picture.ts';
import { builderSchema } from './builder-schema.ts';
import type { SaveWidget } from './use-save-widget.ts';
import classes from './builder.module.css';

/** How the widget looks and behaves: what its product leaves to the buyer, and nothing else. */
export const DesignForm = ({ schema, saved, saving, onChange }: {
  schema: Record<string, unknown>; saved: Readonly<Record<string, unknown>>; saving: SaveWidget; onChange: (value: unknown) => void;
}) => {
  // A new schema would be a new form, without what was typed: only one that differs counts as new.
  const text = JSON.stringify(schema);
  const form = useMemo(() => builderSchema(JSON.parse(text) as Record<string, unknown>), [text]); // what JSON.stringify made of a record
  const savedText = JSON.stringify(saved);
  const initial = useMemo(() => ({ widget: JSON.parse(savedText) as unknown }), [savedText]);
  const { conflict, takeTheirs, keepMine, generation, saveDesign } = saving;
  if (form === null) return <EmptyState title="Nothing to design">Its provider keeps the look of this widget. You can put it on your site as it is.</EmptyState>;
  return (
    <div>
      {conflict !== null && (
        <Alert color="amber" title="Somebody else changed the design in the meantime" role="alert" className={classes.conflict}>
          Your changes are still here, but not saved.
          <Group gap="xs" mt="sm">
            <Button size="xs" variant="default" onClick={() => { void takeTheirs(); }}>Discard mine and load theirs</Button>
            <Button size="xs" variant="default" onClick={() => { void keepMine(); }}>Save mine over them</Button>
          </Group>
        </Alert>
      )}
      <SchemaForm key={generation} schema={form} initial={initial} layout="stack" onSubmit={saveDesign} onChange={onChange} uploadImage={uploadPicture} />
    </div>
  );
};
