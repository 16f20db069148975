import type { z } from 'zod';
import { ApiProblem } from '#web/api/problem.ts';
import { isRecord } from '#web/form/form-values.ts';
import type { RefreshInterval, SourceKindInfo } from '#modules/knowledge/sources/contract.ts';
import { REFRESH_WORDS } from '../words.ts';

export type KindInfo = z.infer<typeof SourceKindInfo>;

/** What the form of a source holds, as the API takes it. */
export interface SourceValues { name: string; refresh: RefreshInterval; config: Record<string, unknown>; secrets: Record<string, string> }

const OWN = ['name', 'refresh'];

const properties = (schema: Record<string, unknown>): Record<string, Record<string, unknown>> =>
  Object.fromEntries(Object.entries(isRecord(schema.properties) ? schema.properties : {}).flatMap(([name, field]) => (isRecord(field) ? [[name, field]] : [])));
const required = (schema: Record<string, unknown>): string[] => (Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : []);

/** The name of each secret in the form: its own, unless a setting has that too. */
const secretKeys = ({ config, secrets }: KindInfo): ReadonlyMap<string, string> => {
  const taken = new Set([...Object.keys(properties(config)), ...OWN]);
  return new Map(Object.keys(properties(secrets)).map((name) => [taken.has(name) ? `secret_${name}` : name, name]));
};

/** A condition that names a setting from the outside names it here from beside: settings and secrets are one form. */
const beside = (field: Record<string, unknown>): Record<string, unknown> => {
  const { ui } = field;
  if (!isRecord(ui) || !isRecord(ui.when) || typeof ui.when.path !== 'string') return field;
  return { ...field, ui: { ...ui, when: { ...ui.when, path: ui.when.path.replace(/^(config|secrets)\./, '') } } };
};

const keepable = (field: Record<string, unknown>): Record<string, unknown> => {
  const { minLength: _, pattern: _pattern, ...rest } = field;
  return { ...rest, description: 'Stored. Leave it empty to keep it.' };
};

/**
 * One form for the settings, the secrets and how often a source is read, from the JSON Schemas of its kind. Where a secret
 * is stored already, leaving it empty keeps it.
 */
export function sourceSchema(kind: KindInfo, stored: readonly string[] = []): Record<string, unknown> {
  const keys = secretKeys(kind);
  const secrets = properties(kind.secrets);
  const drawn = [...keys].map(([key, name]): [string, Record<string, unknown>] => [key, beside(stored.includes(name) ? keepable(secrets[name] ?? {}) : secrets[name] ?? {})]);
  const wanted = required(kind.secrets);
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(Object.entries(properties(kind.config)).map(([name, field]) => [name, beside(field)])),
      ...Object.fromEntries(drawn),
      refresh: {
        type: 'string', enum: kind.refresh, title: 'Read again', default: usualRefresh(kind.refresh), description: kind.refresh.length === 1 ? 'Your plan includes no more often.' : 'As often as your plan includes.',
        ui: { labels: Object.fromEntries(kind.refresh.map((interval) => [interval, REFRESH_WORDS[interval]])) },
      },
      name: { type: 'string', title: 'Name', maxLength: 120, default: '', description: 'For yourself. Left empty, it is named after what it reads.' },
    },
    required: [...required(kind.config), ...[...keys].filter(([, name]) => wanted.includes(name) && !stored.includes(name)).map(([key]) => key)],
  };
}

/** Once a week where that is included, or else the most that is. */
export const usualRefresh = (choices: readonly RefreshInterval[]): RefreshInterval => (choices.includes('weekly') ? 'weekly' : choices.at(-1) ?? 'never');

/** The form's value as the API takes it: empty secrets are left out, which keeps what is stored. */
export function sourceValues(kind: KindInfo, value: unknown): SourceValues {
  const form = isRecord(value) ? value : {};
  const text = (given: unknown): string => (typeof given === 'string' ? given.trim() : '');
  const keys = secretKeys(kind);
  return {
    name: text(form.name),
    refresh: kind.refresh.find((interval) => interval === form.refresh) ?? 'never',
    config: Object.fromEntries(Object.entries(form).filter(([key]) => !keys.has(key) && !OWN.includes(key))),
    secrets: Object.fromEntries([...keys].flatMap(([key, name]): [string, string][] => (text(form[key]) === '' ? [] : [[name, text(form[key])]]))),
  };
}

/** A refusal of the server with its paths as the form has them, so that each problem shows beside its field. */
export function asFormProblem(error: unknown, kind: KindInfo): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const keyOf = new Map([...secretKeys(kind)].map(([key, name]) => [name, key]));
  const errors = error.errors.map(({ path, message }) => {
    const [, group = '', name = '', rest = ''] = /^(?:body\.)?(config|secrets)\.([^.]+)(.*)$/.exec(path) ?? [];
    return { path: group === 'secrets' ? `${keyOf.get(name) ?? name}${rest}` : group === 'config' ? `${name}${rest}` : path, message };
  });
  return new ApiProblem({ kind: error.kind, status: error.status, title: error.title, detail: error.detail, code: error.code, errors, requestId: error.requestId, cause: error });
}
