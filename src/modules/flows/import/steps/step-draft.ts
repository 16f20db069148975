import { createHash } from 'node:crypto';
import type { FlowEdge, FlowNode, FlowParameter, ImportReport } from '../../contract.ts';
import { oneLine } from '../plain.ts';

/** A port of one of our nodes. */
export interface Place { node: string; port: string }

/** A value inside a node's config that may become a parameter of the flow. */
interface ParameterSeed {
  node: string;
  /** Dot path inside the config. */
  path: string;
  title: string;
  kind: FlowParameter['kind'];
  field: string;
  choices: readonly string[];
  exposed: boolean;
}

interface NeededConnection { key: string; connector: string; title: string }

/** What a step is in its file. */
interface StepSource { id: string; type: string; name: string; position?: { x: number; y: number } | undefined }

/** The exit that serves every way out of a step which is not named. */
export const ANY_EXIT = '*';

/** One step of an imported file while it becomes nodes of ours. The node that holds its result has the step's own id. */
export class StepDraft {
  readonly source: StepSource;
  readonly nodes: FlowNode[] = [];
  readonly edges: FlowEdge[] = [];
  readonly approximations: string[] = [];
  readonly parameters: ParameterSeed[] = [];
  readonly connections: NeededConnection[] = [];
  readonly models: string[] = [];
  readonly secrets: { name: string; field: string }[] = [];
  readonly mcpServers: string[] = [];
  readonly code: ImportReport['code'] = [];
  /** Where the run comes in; none for steps that begin a run or only lend themselves. */
  readonly entries: Place[] = [];
  /** Where the run goes on, by the name of the way out. */
  readonly exits = new Map<string, Place>();
  mappedTo: string | null = null;
  refusal: { reason: string; substitute: string | null } | null = null;

  constructor(source: StepSource) { this.source = source; }

  get id(): string { return this.source.id; }

  /** Adds a node; without a suffix it is the one that holds the step's result. The first one without names what the step became. */
  add(type: string, config: Record<string, unknown>, suffix = '', name = ''): string {
    const id = suffix === '' ? this.id : this.idOf(suffix);
    const { position } = this.source;
    this.nodes.push({ id, type, name: oneLine(name === '' ? this.source.name : `${this.source.name}: ${name}`, 200), config, ...(position ? { position } : {}) });
    if (suffix === '') this.mappedTo ??= type;
    return id;
  }

  idOf(suffix: string): string { return `${this.id}:${suffix}`.slice(0, 200); }

  link(source: string, sourcePort: string, target: string, targetPort: string): void { this.edges.push({ source, sourcePort, target, targetPort }); }

  enter(node: string, port: string): void { this.entries.push({ node, port }); }
  exit(node: string, port: string, way: string = ANY_EXIT): void { this.exits.set(way, { node, port }); }

  approximate(reason: string): void { if (!this.approximations.includes(reason)) this.approximations.push(reason); }

  /** Gives the step up: it stays in the flow as one that cannot run. */
  refuse(reason: string, substitute: string | null = null): void { this.refusal = { reason, substitute }; }

  /** The step became part of others, e.g. a model that only lends itself. */
  absorb(mappedTo: string, approximation: string | null = null): void {
    this.mappedTo = mappedTo;
    if (approximation !== null) this.approximate(approximation);
  }

  parameter(node: string, path: string, title: string, kind: FlowParameter['kind'], more: { field?: string; choices?: readonly string[]; exposed?: boolean } = {}): void {
    this.parameters.push({ node, path, title: oneLine(title, 100), kind, field: more.field ?? path, choices: more.choices ?? [], exposed: more.exposed ?? false });
  }

  connection(key: string, title: string, connector = key): void {
    if (!this.connections.some((one) => one.key === key)) this.connections.push({ key, connector, title });
  }

  carries(language: 'javascript' | 'python', code: string): void {
    this.code.push({ node: this.id, language, bytes: Buffer.byteLength(code), sha256: createHash('sha256').update(code).digest('hex'), custom: true });
  }
}
