import { createContext, useContext } from 'react';
import type { FlowCheckProblem, FlowNodeType } from '#modules/flows/authoring/contract.ts';
import type { Flow, ImportReport } from '#modules/flows/contract.ts';
import type { EditorState, EditorStore } from './model/editor-store.ts';
import type { Point } from './model/flow-edits.ts';
import type { FlowSaver, FlowSaveState } from './model/flow-saver.ts';
import type { KnownPorts, NodeTypes, ShownPorts } from './model/port-rules.ts';
import type { TestRun } from './use-test-run.ts';

/** What stands beside the steps. */
export type PanelName = 'step' | 'problems' | 'test';

/** What the canvas does for the rest of the editor, while it is there. */
export interface CanvasHandle {
  /** Brings a step into the middle. */
  show: (id: string) => void;
  fit: () => void;
  /** The middle of what is seen, for what is added without a place. */
  middle: () => Point;
}

export interface Editor {
  productId: string;
  /** Nothing can be changed: too small a screen to do it well. */
  readOnly: boolean;
  catalogue: readonly FlowNodeType[];
  families: readonly { key: string; title: string }[];
  types: NodeTypes;
  store: EditorStore;
  state: EditorState;
  flow: Flow;
  ports: KnownPorts;
  /** The ports to draw, by step. */
  shown: ReadonlyMap<string, ShownPorts>;
  problems: readonly FlowCheckProblem[];
  /** What the import said; null for a flow made here. */
  report: ImportReport | null;
  saver: FlowSaver;
  saving: FlowSaveState;
  panel: PanelName;
  openPanel: (panel: PanelName) => void;
  run: TestRun;
  /** Adds a step of this type where it is seen, and chooses it. */
  add: (type: FlowNodeType, position?: Point) => void;
  /** Chooses a step and brings it into sight. */
  jump: (id: string) => void;
  layOut: () => Promise<void>;
  /** The canvas tells here what it can do. */
  setCanvas: (canvas: CanvasHandle | null) => void;
  canvas: () => CanvasHandle | null;
}

export const EditorContext = createContext<Editor | null>(null);

export const useEditor = (): Editor => {
  const editor = useContext(EditorContext);
  if (editor === null) throw new Error('A part of the flow editor was drawn outside it');
  return editor;
};
