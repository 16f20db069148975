import { useMemo, useState } from 'react';
import type { FlowNode } from '#modules/flows/contract.ts';
import { sentValue } from '#web/form/form-defaults.ts';
import { formModel } from '#web/form/form-model.ts';
import { isRecord, sameValue } from '#web/form/form-values.ts';
import { JsonField } from '#web/form/json-field.tsx';
import { SchemaForm } from '#web/form/schema-form.tsx';

/**
 * The settings of a step, drawn from the schema of its type and kept as they are typed. A change from elsewhere (undo,
 * another file) draws the form anew; what is typed here comes back unchanged and does not.
 */
export const StepSettings = ({ node, schema, onChange, onSave }: { node: FlowNode; schema: Record<string, unknown>; onChange: (config: FlowNode['config']) => void; onSave: () => Promise<void> }) => {
  const [known, setKnown] = useState(node.config);
  const [shown, setShown] = useState({ config: node.config, version: 0 });
  const model = useMemo(() => (isRecord(schema.properties) ? formModel(schema) : null), [schema]);
  if (node.config !== known && !sameValue(node.config, known)) {
    setKnown(node.config);
    setShown({ config: node.config, version: shown.version + 1 });
  }
  const change = (value: unknown) => {
    const sent = model === null ? value : sentValue(model, value);
    const config = isRecord(sent) ? sent : {};
    if (sameValue(config, known)) return;
    setKnown(config);
    onChange(config);
  };
  if (model === null) return <JsonField key={shown.version} label="Settings" description="As JSON" disabled={false} value={shown.config} onChange={change} />;
  return <SchemaForm key={shown.version} schema={schema} initial={shown.config} actions="none" layout="narrow" onChange={change} onSubmit={onSave} />;
};
