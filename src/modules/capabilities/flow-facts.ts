import type { FlowShape, ImportReportShape } from './contract/flow-shape.ts';

/** What a flow does, worked out from its nodes and, where there is one, its import report. */
export interface FlowFacts {
  entries: ReadonlySet<string>;
  /** False while unsupported nodes hide part of the flow: then the absence of something proves nothing. */
  fullyKnown: boolean;
  answers: boolean;
  generates: boolean;
  /** Answers are looked up in knowledge; where nodes are unsupported, the importer's word for it counts. */
  retrieves: boolean;
  /** The file has to do with knowledge, if only by filling it. */
  mentionsKnowledge: boolean;
  seesImages: boolean;
  takesFiles: boolean;
  hears: boolean;
  unsupported: readonly { id: string; type: string; reason: string }[];
  runnable: boolean;
}

/** Works out what the flow does; `report` is null for a flow that was not imported from a file. */
export const flowFacts = (flow: FlowShape, report: ImportReportShape | null): FlowFacts => {
  const has = (...families: readonly string[]) =>
    flow.nodes.some((node) => families.includes(familyOf(node.type)) && !SIDE_WORK.includes(node.type));
  const unsupported = report?.nodes.unsupported
    ?? flow.nodes.filter((node) => node.type === 'unsupported').map((node) => ({ id: node.id, type: node.type, reason: 'It has no counterpart here.' }));
  const traits = report?.traits;
  const entries = new Set([...(report?.entryPoints.map((entry) => entry.kind) ?? []), ...entriesByNode(flow)]);
  return {
    entries,
    fullyKnown: unsupported.length === 0,
    answers: has('output'),
    generates: has('model', 'agent'),
    retrieves: has('knowledge') || (unsupported.length > 0 && (traits?.knowledge ?? false)),
    mentionsKnowledge: traits?.knowledge ?? false,
    seesImages: has('vision') || (traits?.images ?? false),
    takesFiles: entries.has('file') || (traits?.files ?? false),
    hears: has('speech'),
    unsupported,
    runnable: report?.runnable ?? unsupported.length === 0,
  };
};

/** True when a person can write something to the flow. */
export const takesMessages = (entries: ReadonlySet<string>): boolean => entries.has('chat') || entries.has('text');

/** Nodes that prepare, but neither write nor search. */
const SIDE_WORK: readonly string[] = ['model.embedding', 'knowledge.ingest'];

const familyOf = (type: string): string => type.split('.', 1)[0] ?? '';

const entriesByNode = (flow: FlowShape): readonly string[] =>
  flow.nodes.filter((node) => familyOf(node.type) === 'input').map((node) => node.type.slice('input.'.length));
