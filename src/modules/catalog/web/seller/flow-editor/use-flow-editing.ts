import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { FlowNodeType } from '#modules/flows/authoring/contract.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { invalidateEndpoint } from '#web/api/use-endpoint.ts';
import { toast } from '#web/kit/toast.tsx';
import { providerEndpoints } from '../../../contract.ts';
import { flowEditingEndpoints, type FlowOfDraft } from '../../../flow-editing-contract.ts';
import type { CanvasHandle, Editor, PanelName } from './editor-context.ts';
import { heightOf, layOut, needsLayout } from './model/auto-layout.ts';
import { createEditorStore } from './model/editor-store.ts';
import { addNode, moveNodes, type Point } from './model/flow-edits.ts';
import { createFlowSaver } from './model/flow-saver.ts';
import { allPorts, UNSUPPORTED, type NodeTypes, type ShownPorts } from './model/port-rules.ts';
import { useFlowCheck } from './use-flow-check.ts';
import { useTestRun } from './use-test-run.ts';

/** The canvas has drawn what was moved after this long. */
const FIT_AFTER_MS = 80;
/** Half a card: where somebody lets go is the middle of the step. */
const HALF: Point = { x: 124, y: 40 };

export interface FlowEditing extends Editor {
  /** Ends a conflict: keeps the own flow, or opens the stored one. */
  resolve: (keep: boolean) => Promise<void>;
}

const heightsOf = (flow: Flow, types: NodeTypes, shown: ReadonlyMap<string, ShownPorts>): ReadonlyMap<string, number> => new Map(flow.nodes.map(({ id, type }) => {
  const { inputs, outputs } = shown.get(id) ?? { inputs: [], outputs: [] };
  return [id, heightOf(inputs.length, outputs.length, type === UNSUPPORTED || !types.has(type))];
}));

/** Everything the editor's parts share: the flow being edited, what is known about it, and saving. */
export const useFlowEditing = ({ opened, catalogue, panel, openPanel, readOnly }: {
  opened: FlowOfDraft & { flow: Flow }; catalogue: { families: readonly { key: string; title: string }[]; data: readonly FlowNodeType[] };
  panel: PanelName; openPanel: (panel: PanelName) => void; readOnly: boolean;
}): FlowEditing => {
  const productId = opened.product_id;
  const client = useQueryClient();
  // Only what was opened first counts: from then on the store is the truth.
  const [first] = useMemo(() => [opened], []); // oxlint-disable-line react/exhaustive-deps -- on purpose: see above
  const store = useMemo(() => createEditorStore(first.flow), [first]);
  const saver = useMemo(() => createFlowSaver({
    basedOn: first.flow_id,
    send: async (flow, basedOn) => {
      const saved = await callEndpoint(flowEditingEndpoints.save, { params: { productId }, body: { flow, based_on: basedOn } });
      void invalidateEndpoint(client, providerEndpoints.getDraft);
      return saved;
    },
  }), [first, productId, client]);
  const state = useSyncExternalStore(store.subscribe, store.state);
  const saving = useSyncExternalStore(saver.subscribe, saver.state);
  const flow = state.history.present;
  const { ports, problems } = useFlowCheck(flow);
  const types = useMemo(() => new Map(catalogue.data.map((type) => [type.type, type])), [catalogue]);
  const shown = useMemo(() => allPorts(flow, types, ports), [flow, types, ports]);
  const run = useTestRun(productId, saver.flush);

  const stored = useRef(flow);
  useEffect(() => {
    if (flow === stored.current) return;
    stored.current = flow;
    saver.change(flow);
  }, [flow, saver]);
  useLeaving(saver.flush, saving.status !== 'saved');

  const canvas = useRef<CanvasHandle | null>(null);
  const arrange = useCallback(async (current: Flow) => layOut(current, heightsOf(current, types, shown)), [types, shown]);
  const placed = useCallback((arranged: Flow) => {
    stored.current = arranged;
    store.replace(arranged);
    setTimeout(() => { canvas.current?.fit(); }, FIT_AFTER_MS);
  }, [store]);
  useFirstLayout(first.flow, types, placed);
  const openPanelRef = useRef(openPanel);
  useEffect(() => { openPanelRef.current = openPanel; });

  return useMemo((): FlowEditing => ({
    productId, readOnly, catalogue: catalogue.data, families: catalogue.families, types, store, state, flow, ports, shown, problems, report: first.report, saver, saving, panel, run,
    openPanel: (next) => { openPanelRef.current(next); },
    setCanvas: (handle) => { canvas.current = handle; },
    canvas: () => canvas.current,
    add: (type, position) => {
      const at = position ?? canvas.current?.middle() ?? { x: Math.max(0, ...flow.nodes.map((node) => (node.position?.x ?? 0) + 320)), y: 0 };
      const { flow: next, id } = addNode(flow, { type: type.type, title: type.title, position: freePlace(flow, { x: Math.round((at.x - HALF.x) / 8) * 8, y: Math.round((at.y - HALF.y) / 8) * 8 }) });
      store.edit(() => next, { select: [id] });
      if (panel !== 'test') openPanelRef.current('step');
    },
    jump: (id) => {
      store.select([id]);
      canvas.current?.show(id);
      if (panel === 'problems') openPanelRef.current('step');
    },
    layOut: async () => {
      const places = await arrange(flow);
      store.edit((one) => moveNodes(one, places));
      setTimeout(() => { canvas.current?.fit(); }, FIT_AFTER_MS);
    },
    resolve: async (keep) => {
      try {
        const theirs = await callEndpoint(flowEditingEndpoints.get, { params: { productId } });
        if (!keep && theirs.flow !== null) {
          stored.current = theirs.flow;
          store.replace(theirs.flow);
        }
        await saver.rebase(theirs.flow_id, { keep });
      } catch (error) { toast.problem(error); }
    },
  }), [productId, readOnly, catalogue, types, store, state, flow, ports, shown, problems, first, saver, saving, panel, run, arrange]);
};

/** Not on top of another step: each further one a little beside. */
const freePlace = (flow: Flow, wanted: Point): Point => {
  const taken = ({ x, y }: Point) => flow.nodes.some(({ position }) => position !== undefined && Math.abs(position.x - x) < 16 && Math.abs(position.y - y) < 16);
  let place = wanted;
  while (taken(place)) place = { x: place.x + 32, y: place.y + 32 };
  return place;
};

/** A flow without places, or one whose steps lie on top of each other, is arranged once it is opened; that alone is no change. */
const useFirstLayout = (flow: Flow, types: NodeTypes, placed: (flow: Flow) => void): void => {
  useEffect(() => {
    let here = true;
    if (!needsLayout(flow)) return undefined;
    void layOut(flow, heightsOf(flow, types, allPorts(flow, types, {}))).then((found) => { if (here) placed(moveNodes(flow, found)); });
    return () => { here = false; };
  }, [flow, types, placed]);
};

/** Whoever leaves by a link takes the last changes along; whoever closes the page is asked. */
const useLeaving = (flush: () => Promise<void>, open: boolean): void => {
  useEffect(() => () => { void flush(); }, [flush]);
  useEffect(() => {
    if (!open) return undefined;
    const ask = (event: BeforeUnloadEvent) => { void flush(); event.preventDefault(); };
    window.addEventListener('beforeunload', ask);
    return () => { window.removeEventListener('beforeunload', ask); };
  }, [open, flush]);
};
