import { ActionIcon, Button, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { newItem } from './form-defaults.ts';
import type { ListNode, MapNode } from './form-model.ts';
import { useFormSurroundings, useFormValue, useLock } from './form-store.ts';
import { isRecord, pathKey, type Path } from './form-values.ts';
import classes from './schema-form.module.css';

/** Most items a list takes when its schema names no bound. */
const ITEMS_MAX = 200;

/** Things of one kind under each other: add, remove, move. */
export const ListField = ({ node, path }: { node: ListNode; path: Path }) => {
  const { disabled, Node, Nodes } = useFormSurroundings();
  const { value, error, set } = useFormValue(path);
  const lock = useLock(path);
  const items = Array.isArray(value) ? value : [];
  const off = disabled || lock !== null;
  const max = node.max ?? ITEMS_MAX;
  const move = (from: number, to: number) => {
    const next = [...items];
    next.splice(to, 0, ...next.splice(from, 1));
    set(next);
  };
  return (
    <div className={classes.stack} data-form-path={pathKey(path)}>
      <Heading node={node} />
      {items.map((_, index) => (
        <div key={index} className={classes.item}>
          <div className={classes.itemBody}>
            {node.item.kind === 'object'
              ? <Nodes nodes={node.item.children} parent={[...path, String(index)]} root={node.item} />
              : <Node node={{ ...node.item, title: `${node.title} ${index + 1}`, required: false }} path={[...path, String(index)]} />}
          </div>
          <Group gap={0} wrap="nowrap" className={classes.itemTools}>
            <Tool label={`Move ${index + 1} up`} disabled={off || index === 0} onClick={() => { move(index, index - 1); }}><IconArrowUp size={16} /></Tool>
            <Tool label={`Move ${index + 1} down`} disabled={off || index === items.length - 1} onClick={() => { move(index, index + 1); }}><IconArrowDown size={16} /></Tool>
            <Tool label={`Remove ${index + 1}`} disabled={off || items.length <= node.min} onClick={() => { set(items.filter((__, at) => at !== index)); }}><IconTrash size={16} /></Tool>
          </Group>
        </div>
      ))}
      {error !== undefined && <Text c="var(--cmp-bad)" size="xs" role="alert">{error}</Text>}
      <div>
        <Button type="button" variant="default" size="xs" leftSection={<IconPlus size={14} />} disabled={off || items.length >= max} onClick={() => { set([...items, newItem(node.item)]); }}>
          Add
        </Button>
      </div>
    </div>
  );
};

const Heading = ({ node }: { node: ListNode | MapNode }) => (
  <div>
    <Text fw={500} component="div">{node.title}</Text>
    {node.description !== '' && <Text c="dimmed" size="xs">{node.description}</Text>}
  </div>
);

const Tool = ({ label, disabled, onClick, children }: { label: string; disabled: boolean; onClick: () => void; children: ReactNode }) => (
  <Tooltip label={label} disabled={disabled}>
    <ActionIcon type="button" aria-label={label} disabled={disabled} onClick={onClick}>{children}</ActionIcon>
  </Tooltip>
);

/** Free names, each with a value. */
export const MapField = ({ node, path }: { node: MapNode; path: Path }) => {
  const { disabled, Node } = useFormSurroundings();
  const { value, error, set } = useFormValue(path);
  const lock = useLock(path);
  const [name, setName] = useState('');
  const entries = isRecord(value) ? Object.keys(value) : [];
  const off = disabled || lock !== null;
  const usable = /^[A-Za-z_][A-Za-z0-9_.-]{0,79}$/.test(name) && !entries.includes(name) && !['__proto__', 'constructor', 'prototype'].includes(name);
  const add = () => {
    if (!usable) return;
    set({ ...(isRecord(value) ? value : {}), [name]: newItem(node.item) });
    setName('');
  };
  return (
    <div className={classes.stack} data-form-path={pathKey(path)}>
      <Heading node={node} />
      {entries.map((key) => (
        <div key={key} className={classes.item}>
          <div className={classes.itemBody}><Node node={{ ...node.item, title: key, required: false }} path={[...path, key]} /></div>
          <Tool label={`Remove ${key}`} disabled={off} onClick={() => { set(Object.fromEntries(Object.entries(isRecord(value) ? value : {}).filter(([at]) => at !== key))); }}>
            <IconTrash size={16} />
          </Tool>
        </div>
      ))}
      {error !== undefined && <Text c="var(--cmp-bad)" size="xs" role="alert">{error}</Text>}
      <Group gap="xs" align="flex-end">
        <TextInput
          aria-label={`New name in ${node.title}`} placeholder="Name" value={name} disabled={off}
          onChange={(event) => { setName(event.currentTarget.value); }}
          onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); add(); } }}
        />
        <Button type="button" variant="default" leftSection={<IconPlus size={14} />} disabled={off || !usable} onClick={add}>Add</Button>
      </Group>
    </div>
  );
};
