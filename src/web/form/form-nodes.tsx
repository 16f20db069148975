import { Button, Collapse, Text } from '@mantine/core';
import { useState } from 'react';
import { isShown } from './form-defaults.ts';
import { Field } from './field.tsx';
import { FlagGrid } from './flag-grid.tsx';
import type { FormNode, ObjectNode } from './form-model.ts';
import { NestedObject } from './nested-object.tsx';
import { ListField, MapField } from './list-field.tsx';
import { useFormSelector } from './form-store.ts';
import { pathKey, type Path } from './form-values.ts';
import { VariantField } from './variant-field.tsx';
import classes from './schema-form.module.css';

/** The children of an object, in order: fields in a grid, groups under each other, rarely needed ones folded away. */
export const FormNodes = ({ nodes, parent, root }: { nodes: readonly FormNode[]; parent: Path; root: ObjectNode | null }) => {
  const usual = nodes.filter((node) => node.hint.advanced !== true);
  const advanced = nodes.filter((node) => node.hint.advanced === true);
  const wrong = useFormSelector((form) => {
    const errors = Object.keys(form.errors());
    return advanced.some((node) => errors.some((key) => key === pathKey([...parent, node.name]) || key.startsWith(`${pathKey([...parent, node.name])}.`)));
  });
  const [more, setMore] = useState(false);
  const columns = root?.hint.columns;
  if (root?.flags === true && nodes.length === root.children.length) return <FlagGrid nodes={nodes} parent={parent} columns={columns} />;
  return (
    <>
      <Sections nodes={usual} parent={parent} columns={columns} />
      {advanced.length > 0 && (
        <>
          <div>
            <Button type="button" variant="subtle" color="gray" size="compact-sm" ml={-8} aria-expanded={more || wrong} onClick={() => { setMore(!more); }}>
              {more || wrong ? 'Fewer options' : `More options (${advanced.length})`}
            </Button>
          </div>
          <Collapse expanded={more || wrong}><div className={classes.stack}><Sections nodes={advanced} parent={parent} columns={columns} /></div></Collapse>
        </>
      )}
    </>
  );
};

/** Neighbours that name the same `section` stand under its heading. */
const Sections = ({ nodes, parent, columns }: { nodes: readonly FormNode[]; parent: Path; columns?: number }) => {
  const names = [...new Set(nodes.map((node) => node.hint.section ?? ''))];
  if (parent.length === 0 || names.length < 2) return <Grid nodes={nodes} parent={parent} columns={columns} />;
  return names.map((name) => (
    <div key={name} className={classes.stack}>
      {name !== '' && <Text fw={500} component="div">{name}</Text>}
      <Grid nodes={nodes.filter((node) => (node.hint.section ?? '') === name)} parent={parent} columns={columns} />
    </div>
  ));
};

/** Short fields stand beside each other where there is room; everything else takes the whole width. */
const isShort = (node: FormNode): boolean =>
  node.kind === 'field' && ['text', 'number', 'select', 'password', 'duration', 'color', 'slider'].includes(node.widget) && node.hint.columns !== 1;

const Grid = ({ nodes, parent, columns }: { nodes: readonly FormNode[]; parent: Path; columns?: number }) => (
  <div className={classes.grid} data-columns={columns}>
    {nodes.map((node) => (
      <Placed key={node.name} node={node} parent={parent} wide={!isShort(node)} />
    ))}
  </div>
);

const Placed = ({ node, parent, wide }: { node: FormNode; parent: Path; wide: boolean }) => {
  const shown = useFormSelector((form) => isShown(node, form.values(), parent));
  if (!shown) return null;
  return <div className={wide ? classes.wide : undefined}><AnyNode node={node} path={[...parent, node.name]} /></div>;
};

/** Draws one node of any kind. */
export const AnyNode = ({ node, path }: { node: FormNode; path: Path }) => {
  switch (node.kind) {
    case 'field': return <Field node={node} path={path} />;
    case 'object': return <NestedObject node={node} path={path} />;
    case 'list': return <ListField node={node} path={path} />;
    case 'map': return <MapField node={node} path={path} />;
    case 'variant': return <VariantField node={node} path={path} />;
  }
};
