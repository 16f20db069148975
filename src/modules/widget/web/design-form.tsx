import { useMemo } from 'react';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { SaveConflict } from '#modules/subscriptions/web/save-conflict.tsx';
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
  if (form === null) return <EmptyState title="Nothing to design">Its provider keeps the look of this widget. You can put it on your site as it is.</EmptyState>;
  return (
    <div>
      <SaveConflict saving={saving} title="Somebody else changed the design in the meantime" className={classes.conflict} />
      <SchemaForm key={saving.generation} schema={form} initial={initial} layout="stack" onSubmit={saving.saveDesign} onChange={onChange} uploadImage={uploadPicture} />
    </div>
  );
};
