import { Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { FlowNodeType } from '#modules/flows/authoring/contract.ts';
import { useEditor } from './editor-context.ts';
import { lookOf } from './family-look.ts';
import { UNSUPPORTED } from './model/port-rules.ts';
import classes from './editor.module.css';

/** What a dragged kind of step is called on its way to the canvas. */
export const DRAGGED_TYPE = 'application/x-flow-step';
export const PALETTE_SEARCH_ID = 'flow-palette-search';

/** Everything a flow may have, by family: dragged onto the canvas, or added by Enter or a click. */
export const Palette = () => {
  const { catalogue, families, add } = useEditor();
  const [search, setSearch] = useState('');
  const groups = useMemo(() => {
    const wanted = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = catalogue.filter(({ type, title, description, family }) => {
      const text = `${title} ${type} ${family} ${description}`.toLowerCase();
      return type !== UNSUPPORTED && wanted.every((word) => text.includes(word));
    });
    return families.map(({ key, title }) => ({ key, title, types: found.filter(({ family }) => family === key) })).filter(({ types }) => types.length > 0);
  }, [catalogue, families, search]);
  const first = groups[0]?.types[0];
  return (
    <div className={classes.palette}>
      <TextInput
        id={PALETTE_SEARCH_ID} size="xs" aria-label="Find a kind of step" placeholder="Find a step" leftSection={<IconSearch size={14} />} rightSection={search === '' ? <kbd className={classes.kbd}>/</kbd> : null} value={search}
        onChange={(event) => { setSearch(event.currentTarget.value); }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') { setSearch(''); event.currentTarget.blur(); }
          if (event.key === 'Enter' && first !== undefined && search !== '') { event.preventDefault(); add(first); setSearch(''); }
        }}
      />
      <div className={classes.paletteList}>
        {groups.map(({ key, title, types }) => (
          <section key={key} aria-label={title}>
            <h3 className={classes.paletteGroup}>{title}</h3>
            {types.map((type) => <PaletteEntry key={type.type} type={type} onAdd={() => { add(type); }} />)}
          </section>
        ))}
        {groups.length === 0 && <Text c="dimmed" p="xs">No step is called that.</Text>}
      </div>
    </div>
  );
};

const PaletteEntry = ({ type, onAdd }: { type: FlowNodeType; onAdd: () => void }) => {
  const { icon: FamilyIcon, tone } = lookOf(type.family);
  return (
    <UnstyledButton
      className={classes.paletteEntry} data-tone={tone} draggable title={type.description} aria-label={`Add ${type.title}`} onClick={onAdd}
      onDragStart={(event) => { event.dataTransfer.setData(DRAGGED_TYPE, type.type); event.dataTransfer.effectAllowed = 'copy'; }}
    >
      <span className={classes.paletteIcon} aria-hidden><FamilyIcon size={15} stroke={1.75} /></span>
      <span className={classes.paletteTitle}>{type.title}</span>
    </UnstyledButton>
  );
};
