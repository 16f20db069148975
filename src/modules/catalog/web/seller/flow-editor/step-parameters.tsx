import { Switch, Text, TextInput } from '@mantine/core';
import type { FlowNode, FlowParameter } from '#modules/flows/contract.ts';
import { useEditor } from './editor-context.ts';
import { exposableValues, type ExposableValue } from './model/exposable-values.ts';
import { describeParameter, exposeValue } from './model/flow-edits.ts';
import classes from './editor.module.css';

/** Which values of a step each buyer makes their own, and what buyers read beside the field. */
export const StepParameters = ({ node, schema }: { node: FlowNode; schema: Record<string, unknown> }) => {
  const { flow, ports, store } = useEditor();
  const fed = new Set(flow.edges.filter(({ target }) => target === node.id).map(({ targetPort }) => targetPort));
  const gaps = (ports[node.id]?.inputs ?? []).map(({ name }) => name).filter((name) => !fed.has(name));
  const own = flow.parameters.filter((parameter) => parameter.node === node.id);
  const values = exposableValues(schema, node.config, gaps);
  // What came with the file may point at something the form does not draw.
  const others = own.filter((parameter) => !values.some(({ path }) => path === parameter.path));
  const rows: readonly { value: ExposableValue; parameter: FlowParameter | undefined }[] = [...values.map((value) => ({ value, parameter: own.find(({ path }) => path === value.path) })), ...others.map((parameter) => ({ value: parameter, parameter }))];
  if (rows.length === 0) return null;
  return (
    <section className={classes.group} aria-label="Buyers may set this">
      <h3 className={classes.groupTitle}>Buyers may set this</h3>
      {rows.map(({ value, parameter }) => (
        <div key={value.path} className={classes.exposable}>
          <Switch
            size="sm" labelPosition="left" label={parameter?.title || value.title} checked={parameter?.exposed === true} classNames={{ body: classes.switchBody }}
            onChange={(event) => { const on = event.currentTarget.checked; store.edit((one) => exposeValue(one, node, value, on)); }}
          />
          {parameter?.exposed === true && (
            <div className={classes.exposed}>
              <TextInput size="xs" label="Buyers read" maxLength={120} value={parameter.title} onChange={(event) => { const title = event.currentTarget.value; store.edit((one) => describeParameter(one, parameter.name, { title }), { about: `title of ${parameter.name}` }); }} />
              <TextInput size="xs" label="Help below the field" maxLength={500} value={parameter.description} onChange={(event) => { const description = event.currentTarget.value; store.edit((one) => describeParameter(one, parameter.name, { description }), { about: `description of ${parameter.name}` }); }} />
              <Text size="xs" c="dimmed">In the API: <code>{parameter.name}</code></Text>
            </div>
          )}
        </div>
      ))}
    </section>
  );
};
