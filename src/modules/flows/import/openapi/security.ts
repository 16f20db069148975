import type { CredentialPlace } from '../../credential-contract.ts';
import { parameterName } from '../naming.ts';
import { isRecord, oneLine, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import type { Api, RawOperation } from './read-api.ts';

/** A security scheme that a connection can satisfy, or why none can. */
type Scheme = { place: Omit<CredentialPlace, 'connection'>; title: string } | { problem: string };

export type OperationSecurity = { credentials: CredentialPlace[] } | { problem: string };

/** What the operations of a document ask of a caller, and which connections answer it. */
export class ApiSecurity {
  readonly #schemes: ReadonlyMap<string, Scheme>;
  /** How many operations accept a scheme: the fewer different ones are used, the fewer connections have to be made. */
  readonly #uses = new Map<string, number>();
  readonly #prefix: string;
  readonly #single: boolean;

  constructor(api: Api) {
    const declared = readRecord(api.root, 'securityDefinitions') ?? readRecord(readRecord(api.root, 'components'), 'securitySchemes') ?? {};
    this.#schemes = new Map(Object.entries(declared).slice(0, 50).map(([name, scheme]) => [name, schemeOf(api.refs.resolve(scheme))]));
    this.#prefix = parameterName(api.title || 'api').slice(0, 50);
    for (const operation of api.operations) for (const names of alternatives(operation)) for (const name of names) this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    this.#single = [...this.#uses.keys()].filter((name) => isPossible(this.#schemes.get(name))).length <= 1;
  }

  /** The credentials of an operation: none where it may be called without, else the alternative most others use too. */
  of(operation: RawOperation): OperationSecurity {
    const asked = alternatives(operation);
    if (asked.length === 0 || asked.some((names) => names.length === 0)) return { credentials: [] };
    const possible = asked.filter((names) => names.every((name) => isPossible(this.#schemes.get(name))));
    const [best] = possible.toSorted((a, b) => a.length - b.length || this.#usesOf(b) - this.#usesOf(a));
    if (!best) return { problem: this.#problemOf(asked[0] ?? []) };
    return { credentials: best.flatMap((name) => this.#credential(name)) };
  }

  /** The title of a connection, for people. */
  titleOf(key: string, apiTitle: string): string {
    const name = [...this.#schemes.keys()].find((candidate) => this.#keyOf(candidate) === key);
    const scheme = name === undefined ? undefined : this.#schemes.get(name);
    return `${apiTitle}${scheme && isPossible(scheme) ? `: ${scheme.title}` : ''}`.slice(0, 120);
  }

  #credential(name: string): CredentialPlace[] {
    const scheme = this.#schemes.get(name);
    return scheme && isPossible(scheme) ? [{ connection: this.#keyOf(name), ...scheme.place }] : [];
  }

  #keyOf(name: string): string {
    return this.#single ? this.#prefix : `${this.#prefix}_${parameterName(name)}`.slice(0, 100);
  }

  #usesOf(names: readonly string[]): number {
    return Math.min(...names.map((name) => this.#uses.get(name) ?? 0));
  }

  #problemOf(names: readonly string[]): string {
    for (const name of names) {
      const scheme = this.#schemes.get(name);
      if (!scheme) return `It asks for the security scheme “${oneLine(name, 60)}”, which the document does not describe.`;
      if ('problem' in scheme) return scheme.problem;
    }
    return 'Its security cannot be satisfied.';
  }
}

const isPossible = (scheme: Scheme | undefined): scheme is Extract<Scheme, { place: unknown }> => scheme !== undefined && 'place' in scheme;

const alternatives = (operation: RawOperation): string[][] => operation.security.filter(isRecord).slice(0, 20).map((one) => Object.keys(one).slice(0, 10));

function schemeOf(scheme: unknown): Scheme {
  const type = (readText(scheme, 'type') ?? '').toLowerCase();
  switch (type) {
    case 'apikey': return apiKey(isRecord(scheme) ? scheme : {});
    case 'basic': return { place: { place: 'basic', name: '', prefix: '' }, title: 'user name and password' };
    case 'http': return httpScheme((readText(scheme, 'scheme') ?? '').toLowerCase());
    case 'oauth2': case 'openidconnect': return { place: { place: 'bearer', name: '', prefix: '' }, title: 'access token' };
    default: return { problem: type === 'mutualtls' ? 'It asks for a client certificate, which connections cannot hold.' : `It asks for a security scheme of the unknown type “${oneLine(type, 40)}”.` };
  }
}

function httpScheme(scheme: string): Scheme {
  if (scheme === 'basic') return { place: { place: 'basic', name: '', prefix: '' }, title: 'user name and password' };
  if (scheme === 'bearer') return { place: { place: 'bearer', name: '', prefix: '' }, title: 'token' };
  if (/^[a-z][a-z0-9-]{0,30}$/.test(scheme) && !['digest', 'negotiate', 'ntlm', 'mutual', 'hoba', 'scram-sha-1', 'scram-sha-256', 'dpop', 'signature'].includes(scheme)) {
    return { place: { place: 'header', name: 'Authorization', prefix: `${scheme} ` }, title: 'token' };
  }
  return { problem: `It asks for HTTP authentication of the kind “${oneLine(scheme, 40)}”, which needs more than a stored credential.` };
}

function apiKey(scheme: PlainRecord): Scheme {
  const name = oneLine(readText(scheme, 'name') ?? '', 200);
  const where = readText(scheme, 'in');
  if (name === '' || !/^[\w.~!#$%&'*+^`|[\]-]+$/.test(name)) return { problem: 'It asks for an API key without saying where the key goes.' };
  if (where === 'header') return { place: { place: 'header', name, prefix: '' }, title: 'API key' };
  if (where === 'query') return { place: { place: 'query', name, prefix: '' }, title: 'API key' };
  return { problem: where === 'cookie' ? 'It asks for a cookie, which connections do not send.' : 'It asks for an API key without saying where the key goes.' };
}
