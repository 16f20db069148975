import '@xyflow/react/dist/base.css';
import {
  applyNodeChanges, Background, BackgroundVariant, ControlButton, Controls, MiniMap, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, useUpdateNodeInternals, type Connection, type Edge, type EdgeChange, type NodeChange,
} from '@xyflow/react';
import { IconSitemap } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState, type DragEvent } from 'react';
import type { FlowEdge } from '#modules/flows/contract.ts';
import { CanvasNode, type StepNode } from './canvas-node.tsx';
import { useEditor, type Editor } from './editor-context.ts';
import { addEdge, edgeKey, moveNodes, type Point } from './model/flow-edits.ts';
import { connectionProblem, UNSUPPORTED } from './model/port-rules.ts';
import type { RunStep } from './model/run-steps.ts';
import { DRAGGED_TYPE } from './palette.tsx';
import classes from './canvas.module.css';

const NODE_TYPES = { step: CanvasNode };
/** Small enough to see much, large enough to read; the rim is wide enough that connecting there does not begin to scroll. */
const FIT = { padding: 0.2, minZoom: 0.5, maxZoom: 1 };
const GRID: [number, number] = [8, 8];
/** From here on only what is seen is drawn. */
const MANY = 150;
/** How long a refused connection says why. */
const REFUSAL_MS = 2_500;

const toEdge = ({ source, sourceHandle, target, targetHandle }: Connection | Edge): FlowEdge => ({ source, sourcePort: sourceHandle ?? '', target, targetPort: targetHandle ?? '' });

/** The steps as cards that are moved and connected. Everything it shows comes from the store; moving is its own until the mouse lets go. */
export const Canvas = () => <ReactFlowProvider><Board /></ReactFlowProvider>;

const Board = () => {
  const editor = useEditor();
  const { store, flow, types, shown, problems, report, run, state, setCanvas } = editor;
  const { steps } = run;
  const { selection, edges: chosenEdges } = state;
  const { screenToFlowPosition, setCenter, fitView, getNode } = useReactFlow();
  // What only the drawing knows: how large a card came out, and where one is while it is dragged.
  const [local, setLocal] = useState<readonly StepNode[]>([]);
  const [refusal, setRefusal] = useState<string | null>(null);
  const drawn = useMemo(() => nodesOf({ flow, types, shown, problems, report, steps, selection }), [flow, types, shown, problems, report, steps, selection]);
  const nodes = useMemo(() => merged(drawn, local), [drawn, local]);
  const measure = useUpdateNodeInternals();
  // The library looks for ports once, when it first measures a card. Ports that came or went since, or while it measured, it would never find.
  useEffect(() => { measure([...shown.keys()]); }, [measure, shown, problems]);

  const running = run.state === 'running';
  const edges = useMemo(() => edgesOf({ flow, shown, steps, running, chosenEdges }), [flow, shown, steps, running, chosenEdges]);
  const onNodesChange = useCallback((changes: NodeChange<StepNode>[]) => {
    setLocal((before) => applyNodeChanges(changes, merged(drawn, before)));
    const chosen = new Set(store.state().selection);
    for (const change of changes) if (change.type === 'select') chosen[change.selected ? 'add' : 'delete'](change.id);
    if (changes.some(({ type }) => type === 'select')) store.select([...chosen], store.state().edges);
    const places = new Map<string, Point>();
    for (const change of changes) if (change.type === 'position' && change.position !== undefined && change.dragging !== true) places.set(change.id, change.position);
    if (places.size > 0) store.edit((one) => moveNodes(one, places), { about: `move ${[...places.keys()].join(' ')}` });
  }, [store, drawn]);
  const onEdgesChange = useCallback((changes: EdgeChange[]) => {
    const chosen = new Set(store.state().edges);
    for (const change of changes) if (change.type === 'select') chosen[change.selected ? 'add' : 'delete'](change.id);
    if (changes.some(({ type }) => type === 'select')) store.select(store.state().selection, [...chosen]);
  }, [store]);

  const problemOf = useCallback((connection: Connection | Edge) => connectionProblem(flow, toEdge(connection), types, shown), [flow, types, shown]);
  useEffect(() => {
    if (refusal === null) return undefined;
    const timer = setTimeout(() => { setRefusal(null); }, REFUSAL_MS);
    return () => { clearTimeout(timer); };
  }, [refusal]);

  useEffect(() => {
    setCanvas({
      show: (id) => {
        const node = getNode(id);
        if (node !== undefined) void setCenter(node.position.x + (node.measured?.width ?? 0) / 2, node.position.y + (node.measured?.height ?? 0) / 2, { zoom: 1, duration: 180 });
      },
      fit: () => { void fitView({ ...FIT, duration: 180 }); },
      middle: () => {
        const box = document.getElementById(CANVAS_ID)?.getBoundingClientRect();
        return box === undefined ? { x: 0, y: 0 } : screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
      },
    });
    return () => { setCanvas(null); };
  }, [setCanvas, getNode, setCenter, fitView, screenToFlowPosition]);

  const onDrop = (event: DragEvent) => {
    const type = types.get(event.dataTransfer.getData(DRAGGED_TYPE));
    if (type === undefined) return;
    event.preventDefault();
    editor.add(type, screenToFlowPosition({ x: event.clientX, y: event.clientY }));
  };
  return (
    <div id={CANVAS_ID} className={classes.canvas} onDrop={onDrop} onDragOver={(event) => { if (event.dataTransfer.types.includes(DRAGGED_TYPE)) { event.preventDefault(); event.dataTransfer.dropEffect = 'copy'; } }}>
      {refusal !== null && <div className={classes.refusal} role="status">{refusal}</div>}
      <ReactFlow<StepNode>
        nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} onNodesChange={onNodesChange} onEdgesChange={onEdgesChange}
        onConnect={(connection) => { store.edit((one) => addEdge(one, toEdge(connection))); }}
        isValidConnection={(connection) => problemOf(connection) === null}
        onConnectEnd={(_event, { isValid, fromHandle, toHandle }) => {
          if (isValid === true || fromHandle === null || toHandle === null) return;
          const forwards = fromHandle.type === 'source';
          const [from, to] = forwards ? [fromHandle, toHandle] : [toHandle, fromHandle];
          setRefusal(from.type === to.type ? 'Connect an output with an input.' : problemOf({ source: from.nodeId, sourceHandle: from.id ?? null, target: to.nodeId, targetHandle: to.id ?? null }));
        }}
        onNodeClick={() => { if (editor.panel === 'problems') editor.openPanel('step'); }}
        onNodeDoubleClick={() => { editor.openPanel('step'); }}
        onPaneClick={() => { store.select([]); }}
        deleteKeyCode={null} multiSelectionKeyCode={['Shift', 'Meta', 'Control']} selectionMode={SelectionMode.Partial} selectionKeyCode="Shift"
        snapToGrid snapGrid={GRID} minZoom={0.15} maxZoom={2} fitView fitViewOptions={FIT} onlyRenderVisibleElements={flow.nodes.length > MANY}
        connectionRadius={28} zoomOnDoubleClick={false} proOptions={{ hideAttribution: true }} nodesFocusable edgesFocusable aria-label="Flow"
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--mantine-color-default-border)" />
        <Controls showInteractive={false} position="bottom-left" fitViewOptions={{ ...FIT, duration: 180 }}>
          <ControlButton onClick={() => { void editor.layOut(); }} title="Arrange" aria-label="Arrange"><IconSitemap style={{ fill: 'none' }} /></ControlButton>
        </Controls>
        {flow.nodes.length > 3 && <MiniMap position="bottom-right" pannable zoomable style={{ width: 148, height: 96 }} nodeColor="var(--mantine-color-default-border)" maskColor="color-mix(in srgb, var(--cmp-sunken) 70%, transparent)" nodeBorderRadius={10} ariaLabel="Overview of the flow" />}
      </ReactFlow>
    </div>
  );
};

const CANVAS_ID = 'flow-canvas';

const merged = (drawn: readonly StepNode[], local: readonly StepNode[]): StepNode[] => {
  const known = new Map(local.map((node) => [node.id, node]));
  return drawn.map((node) => {
    const old = known.get(node.id);
    return old === undefined ? node : { ...old, ...node, position: old.dragging === true ? old.position : node.position };
  });
};

const WORST = { error: 0, warning: 1, hint: 2 } as const;

type Drawn = Pick<Editor, 'flow' | 'types' | 'shown' | 'problems' | 'report'> & { steps: readonly RunStep[]; selection: readonly string[] };

const nodesOf = ({ flow, types, shown, problems, report, steps, selection }: Drawn): StepNode[] => {
  const chosen = new Set(selection);
  const runs = new Map(steps.map((step) => [step.node, step]));
  const said = new Map(report?.nodes.all.map((node) => [node.id, node]));
  // The worst comes last, so that it is the one that stays.
  const worst = new Map(problems.toSorted((a, b) => WORST[b.severity] - WORST[a.severity]).map((problem) => [problem.node, problem]));
  return flow.nodes.map((node) => {
    const type = types.get(node.type);
    const own = worst.get(node.id);
    const unsupported = type === undefined || node.type === UNSUPPORTED;
    return {
      id: node.id, type: 'step', position: node.position ?? { x: 0, y: 0 }, selected: chosen.has(node.id), ariaLabel: `${node.name || type?.title || node.id}, ${type?.title ?? node.type}`,
      data: {
        name: node.name || (type?.title ?? node.id), kind: unsupported ? said.get(node.id)?.type ?? node.type : type.title, family: type?.family, ...shown.get(node.id) ?? { inputs: [], outputs: [] },
        problem: own === undefined ? null : { severity: own.severity, text: own.message }, unsupported: unsupported ? said.get(node.id)?.reason ?? 'This step does not run here.' : null, run: runs.get(node.id) ?? null,
      },
    };
  });
};

const edgesOf = ({ flow, shown, steps, running, chosenEdges }: Pick<Editor, 'flow' | 'shown'> & { steps: readonly RunStep[]; running: boolean; chosenEdges: readonly string[] }): Edge[] => {
  const chosen = new Set(chosenEdges);
  const done = new Set(steps.filter(({ status }) => status === 'succeeded').map(({ node }) => node));
  const began = new Set(steps.filter(({ status }) => status !== 'skipped').map(({ node }) => node));
  const names = new Map(flow.nodes.map(({ id, name }) => [id, name || id]));
  return flow.edges.filter(({ source, target }) => names.has(source) && names.has(target)).map((edge) => {
    const lost = shown.get(edge.target)?.inputs.some(({ name, lost: gone }) => name === edge.targetPort && gone) === true;
    const ran = done.has(edge.source) && began.has(edge.target);
    const key = edgeKey(edge);
    return {
      id: key, source: edge.source, sourceHandle: edge.sourcePort, target: edge.target, targetHandle: edge.targetPort, selected: chosen.has(key), className: lost ? 'lost' : ran ? 'ran' : '', animated: ran && running,
      ariaLabel: `${names.get(edge.source)} ${edge.sourcePort} to ${names.get(edge.target)} ${edge.targetPort}`,
    };
  });
};
