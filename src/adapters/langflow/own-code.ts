import { z } from 'zod';
import { RemoteError } from '#modules/runtime/ports.ts';
import type { LangflowClient } from './langflow-client.ts';

const Row = z.record(z.string(), z.unknown());
const Component = z.looseObject({ template: z.looseObject({ code: z.looseObject({ value: z.string().min(1) }) }) });
const Typed = z.looseObject({ type: z.string() });

/** Components that run code or programs they are given, though they are Langflow's own. */
const RUNS_WHAT_IT_IS_GIVEN = /python|repl|interpreter|shell|bash|lambda|smartfunction|codeagent|custom|mcp/i;
/** What components were called before. */
const RENAMED: Readonly<Record<string, string>> = { prompt: 'prompttemplate' };

/**
 * A flow file of a seller for a server that sellers share. Langflow runs the Python that stands in a file's nodes, whatever
 * it claims to be; so every node gets the code the server itself has for its type. Throws for steps the server does not
 * know, and for those that would run what they are given: they need a server of the seller's own.
 */
export async function withOwnCode(client: LangflowClient, definition: unknown, signal: AbortSignal): Promise<unknown> {
  const known = await componentsOf(client, signal);
  const copy: unknown = structuredClone(definition);
  visit(copy, known, null);
  return copy;
}

async function componentsOf(client: LangflowClient, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { status, json } = await client.call('GET', '/api/v1/all', signal);
  const groups = z.record(z.string(), z.unknown()).safeParse(json);
  if (status >= 300 || !groups.success) throw new RemoteError('bad-answer', 'The Langflow server does not list its components.');
  const known = new Map<string, string>();
  for (const group of Object.values(groups.data)) {
    for (const [name, value] of Object.entries(Row.safeParse(group).data ?? {})) {
      const component = Component.safeParse(value);
      if (component.success) known.set(plainName(name), component.data.template.code.value);
    }
  }
  return known;
}

/** `ext:openai:OpenAIModelComponent@official` and `OpenAIModel` are one component. */
function plainName(name: string): string {
  const plain = name.replace(/^ext:[^:]*:/, '').replace(/@.*$/, '').replace(/Component$/, '').replace(/\s+/g, '').toLowerCase();
  return RENAMED[plain] ?? plain;
}

/** `type` is the component's, where `value` is what a node says about its component. */
function visit(value: unknown, known: ReadonlyMap<string, string>, type: string | null): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, known, null);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const template = templateIn(value);
  if (template) giveOwnCode(type, template, known);
  const own = Typed.safeParse(value).data?.type ?? null;
  // Groups hold nodes of their own.
  for (const [key, inner] of Object.entries(value)) visit(inner, known, key === 'node' ? own : null);
}

function giveOwnCode(type: string | null, template: Record<string, unknown>, known: ReadonlyMap<string, string>): void {
  const refused = (why: string) => new RemoteError('flow-failed', `The step "${(type ?? 'without a type').slice(0, 80)}" ${why}, which the Langflow server of this marketplace does not run. Connect a Langflow server of yours.`);
  if (type !== null && RUNS_WHAT_IT_IS_GIVEN.test(type)) throw refused('runs code or programs it is given');
  for (const [name, field] of Object.entries(template)) {
    const { type: kind, value } = Row.safeParse(field).data ?? {};
    if (name !== 'code' && kind === 'code' && typeof value === 'string' && value.trim() !== '') throw refused('carries code of its own');
  }
  // A group has no code: what it consists of is visited by itself.
  if (!Object.hasOwn(template, 'code')) return;
  const code = Row.safeParse(template['code']).data ?? {};
  const own = type === null ? undefined : known.get(plainName(type));
  if (own === undefined) throw refused('is not one of its components');
  template['code'] = { ...code, value: own };
}

/** The template of a component, the very object, to be changed in place. */
function templateIn(value: object): Record<string, unknown> | null {
  const { template } = value as { template?: unknown }; // read only to be looked at
  return isRecord(template) ? template : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
