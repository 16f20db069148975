import { useHotkeys } from '@mantine/hooks';
import type { FlowEditing } from './use-flow-editing.ts';
import { clipboard } from './model/clipboard.ts';
import { moveNodes, partOf, paste, removeEdges, removeNodes, type FlowPart } from './model/flow-edits.ts';
import { PALETTE_SEARCH_ID } from './palette.tsx';

const STEP = 8;
const LEAP = 40;

/** The keys of the editor. While somebody writes in a field, none of them count. */
export const useEditorKeys = (editor: FlowEditing, enabled: boolean): void => {
  const { store, saver, flow, state } = editor;
  const remove = () => {
    if (state.selection.length + state.edges.length > 0) store.edit((one) => removeEdges(removeNodes(one, state.selection), state.edges));
  };
  /** A card that has the focus is moved by the canvas itself. */
  const move = (x: number, y: number) => (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.closest('.react-flow__node') !== null) return;
    if (state.selection.length === 0) return;
    event.preventDefault();
    const chosen = new Set(state.selection);
    const places = new Map(flow.nodes.filter(({ id }) => chosen.has(id)).map(({ id, position }) => [id, { x: (position?.x ?? 0) + x, y: (position?.y ?? 0) + y }]));
    store.edit((one) => moveNodes(one, places), { about: `move ${state.selection.join(' ')}` });
  };
  const put = (part: FlowPart | null) => {
    if (part === null || part.nodes.length === 0) return;
    const { flow: next, ids } = paste(flow, part);
    store.edit(() => next, { select: ids });
  };
  const copy = () => { if (state.selection.length > 0) clipboard.put(partOf(flow, state.selection)); };
  /** Text that is marked is what should be copied, not steps. */
  const unlessMarked = (work: () => void) => (event: KeyboardEvent) => {
    if (window.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    work();
  };
  const keep = { preventDefault: false };
  useHotkeys(!enabled ? [] : [
    ['Delete', remove], ['Backspace', remove],
    ['mod+Z', () => { store.undo(); }], ['mod+shift+Z', () => { store.redo(); }], ['mod+Y', () => { store.redo(); }],
    ['mod+C', unlessMarked(copy), keep], ['mod+X', unlessMarked(() => { copy(); remove(); }), keep], ['mod+V', () => { put(clipboard.get()); }],
    ['mod+D', () => { put(partOf(flow, state.selection)); }],
    ['mod+A', () => { store.select(flow.nodes.map(({ id }) => id)); }],
    ['Escape', () => { store.select([]); }],
    ['ArrowLeft', move(-STEP, 0), keep], ['ArrowRight', move(STEP, 0), keep], ['ArrowUp', move(0, -STEP), keep], ['ArrowDown', move(0, STEP), keep],
    ['shift+ArrowLeft', move(-LEAP, 0), keep], ['shift+ArrowRight', move(LEAP, 0), keep], ['shift+ArrowUp', move(0, -LEAP), keep], ['shift+ArrowDown', move(0, LEAP), keep],
    ['/', () => { document.getElementById(PALETTE_SEARCH_ID)?.focus(); }],
    ['shift+1', () => { editor.canvas()?.fit(); }],
  ]);
  // Saving is meant also from within a field.
  useHotkeys(!enabled ? [] : [['mod+S', () => { void saver.flush(); }]], []);
};
