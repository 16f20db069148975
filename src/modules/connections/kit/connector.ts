import { z } from 'zod';
import type { Auth, Fields } from './auth.ts';
import type { HttpAnswer, HttpCall } from './http-call.ts';
import { readInput } from './read-input.ts';

export const CONNECTOR_CATEGORIES = ['search', 'web', 'messaging', 'mail', 'documents', 'work', 'sales', 'support', 'commerce', 'data', 'vectors', 'ai', 'files', 'knowledge'] as const;
export type ConnectorCategory = (typeof CONNECTOR_CATEGORIES)[number];

/** One external system. */
export interface Connector {
  /** Stable: stored in flows and connections. */
  id: string;
  title: string;
  description: string;
  category: ConnectorCategory;
  auth: Auth;
  /** Where it is reached; from the connection's fields where each customer has an address of its own; null where only the connection knows. */
  baseUrl: string | ((fields: Fields) => string) | null;
  /** The connection may name another address, as for a service people host themselves. */
  ownHost?: true;
  /** Hosts of the same service that receive the credentials too, e.g. one for uploads. Exact names. */
  hosts?: readonly string[];
  /** Headers of every request, e.g. the version of the API. */
  headers?: Readonly<Record<string, string>>;
  /** A read that succeeds with good credentials only; absent where the service has none, and a connection cannot be tested. */
  probe?: HttpCall | ((outside: Outside) => Promise<unknown>);
  actions: readonly Action[];
}

/** Connectors by id, each read when somebody first needs it. */
export type ConnectorSources = Readonly<Record<string, () => Promise<Connector>>>;

/** What an action may reach: the connection it runs with, and the system behind it. */
export interface Outside {
  fields: Fields;
  /** Where the connection leads. */
  address: URL;
  /** Sends a request with the connection's credentials. Statuses of 400 and more throw an OutsideError. */
  http(call: HttpCall): Promise<HttpAnswer>;
  /**
   * The address to which a driver may open a connection of its own. Throws an OutsideError for private addresses, and for
   * ports other than the usual ones, unless the operator opened them.
   */
  reach(host: string, port: number, usualPorts: readonly number[]): Promise<string>;
  signal: AbortSignal;
  now(): Date;
}

export interface Action {
  /** Stable: stored in flows. */
  id: string;
  title: string;
  /** What it does, for people and for models that choose tools. */
  description: string;
  effect: 'read' | 'write';
  input: z.ZodObject;
  /** Checks the input and does it. Throws OutsideError. */
  perform(outside: Outside, input: unknown): Promise<unknown>;
}

/** Declares a connector; refuses two actions of one name. */
export function defineConnector(connector: Connector): Connector {
  const ids = connector.actions.map((action) => action.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`The connector ${connector.id} has two actions "${twice}".`);
  return connector;
}

type Words = readonly [id: string, title: string, description: string];
type Request<Shape extends z.ZodRawShape> = (input: z.output<z.ZodObject<Shape>>, outside: Outside) => HttpCall;
type Result<Shape extends z.ZodRawShape> = (body: unknown, input: z.output<z.ZodObject<Shape>>) => unknown;

const requests = (effect: Action['effect']) => <Shape extends z.ZodRawShape>(words: Words, input: Shape, request: Request<Shape>, result?: Result<Shape>): Action =>
  action(effect, words, input, async (outside, given) => {
    const { body } = await outside.http(request(given, outside));
    return result ? await result(body, given) : body;
  });

/** An action that is one HTTP request and changes nothing. `result` picks what matters from the answer; it may be asynchronous. */
export const read = requests('read');
/** An action that is one HTTP request and changes something. */
export const write = requests('write');

/** An action with code of its own: several requests, or a driver. */
export const runs = <Shape extends z.ZodRawShape>(effect: Action['effect'], words: Words, input: Shape, run: (outside: Outside, input: z.output<z.ZodObject<Shape>>) => Promise<unknown>): Action =>
  action(effect, words, input, run);

function action<Shape extends z.ZodRawShape>(effect: Action['effect'], [id, title, description]: Words, shape: Shape, run: (outside: Outside, input: z.output<z.ZodObject<Shape>>) => Promise<unknown>): Action {
  const input: z.ZodObject<Shape> = z.strictObject(shape);
  return { id, title, description, effect, input, perform: async (outside, given) => run(outside, readInput(input, given)) };
}
