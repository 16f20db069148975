import { Input, SegmentedControl, Select } from '@mantine/core';
import { startValue } from './form-defaults.ts';
import type { VariantNode } from './form-model.ts';
import { useFormSurroundings, useFormValue, useLock } from './form-store.ts';
import { isRecord, pathKey, type Path } from './form-values.ts';
import classes from './schema-form.module.css';

/** One of several shapes: the choice first, then the fields of the chosen shape. */
export const VariantField = ({ node, path }: { node: VariantNode; path: Path }) => {
  const { disabled, Nodes } = useFormSurroundings();
  const { value, error, set } = useFormValue(path);
  const lock = useLock(path);
  const current = isRecord(value) && typeof value[node.tag] === 'string' ? String(value[node.tag]) : null;
  const chosen = node.variants.find((variant) => variant.value === current);
  const data = node.variants.map(({ value: option, label }) => ({ value: option, label }));
  const needed = node.required || node.defaultValue !== undefined;
  const choose = (next: string | null) => {
    const variant = node.variants.find((option) => option.value === next);
    set(variant === undefined ? undefined : startValue({ ...variant.node, required: true }, { [node.tag]: variant.value }));
  };
  const off = disabled || lock !== null;
  return (
    <div className={classes.stack} data-form-path={pathKey(path)}>
      {data.length <= 4 && needed ? (
        <Input.Wrapper label={node.title} description={node.description} error={error} inputWrapperOrder={['label', 'input', 'description', 'error']}>
          <div><SegmentedControl data={data} value={current ?? ''} onChange={choose} disabled={off} aria-label={node.title} /></div>
        </Input.Wrapper>
      ) : (
        <Select
          label={node.title} description={node.description} error={error} data={data} value={current} onChange={choose} disabled={off}
          clearable={!needed} placeholder="Choose" inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
      )}
      {chosen !== undefined && chosen.node.children.length > 1 && (
        <div className={classes.variant}>
          <Nodes nodes={chosen.node.children.filter((child) => child.name !== node.tag)} parent={path} root={null} />
        </div>
      )}
    </div>
  );
};
