import { isIP } from 'node:net';
import { isPublicAddress } from '#platform/egress/egress.ts';
import { Problem, type ProblemIssue } from '#platform/http/problem.ts';
import { secretFields, type Fields } from './kit/auth.ts';
import type { Connector } from './kit.ts';
import { placeOf } from './outside/open-outside.ts';
import { problems } from './problems.ts';

/** What a person entered, checked and taken apart. */
export interface CheckedForm { visible: Record<string, string>; secrets: Record<string, string>; baseUrl: string | null }

/** Checks a whole form. Throws a Problem that names each field. */
export function checkForm(connector: Connector, fields: Fields, baseUrl: string | null): CheckedForm {
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== ''));
  const parsed = connector.auth.fields.safeParse(filled);
  if (!parsed.success) {
    const issues: ProblemIssue[] = parsed.error.issues.map((issue) => (issue.code === 'unrecognized_keys'
      ? { path: `fields.${issue.keys[0] ?? ''}`, message: `${connector.title} has no such field` } : { path: `fields.${issue.path.join('.')}`, message: issue.message }));
    throw new Problem(problems['connection-fields-invalid'], issues.map(({ path, message }) => `${path}: ${message}`).slice(0, 5).join('; '), { issues });
  }
  const secret = new Set(secretFields(connector.auth));
  const texts = Object.entries(parsed.data).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []));
  return { visible: Object.fromEntries(texts.filter(([name]) => !secret.has(name))), secrets: Object.fromEntries(texts.filter(([name]) => secret.has(name))), baseUrl: checkAddress(connector, Object.fromEntries(texts), baseUrl) };
}

function checkAddress(connector: Connector, fields: Fields, baseUrl: string | null): string | null {
  const refuse = (message: string) => new Problem(problems['connection-address-invalid'], message, { issues: [{ path: 'base_url', message }] });
  if (baseUrl !== null && !connector.ownHost) throw refuse(`${connector.title} is reached at its own address only.`);
  if (baseUrl === null && connector.ownHost && connector.baseUrl === null) throw refuse(`Say where ${connector.title} is reached.`);
  const place = placeOf({ connector, fields, baseUrl });
  if (!place && connector.baseUrl !== null) throw refuse('This is no address.');
  if (place?.protocol === 'http:' && !isOpenedByOperator(place)) throw refuse('The address must begin with https://.');
  if (place && (place.username !== '' || place.password !== '')) throw refuse('The address must not hold a user name or a password.');
  return baseUrl;
}

/** Plain http would show credentials to whoever listens. It passes only for what the guard refuses unless the operator opened it: private hosts and unusual ports. */
function isOpenedByOperator({ hostname, port }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return (port !== '' && port !== '80') || (isIP(host) === 0 ? !host.includes('.') : !isPublicAddress(host));
}

/**
 * A changed form. Secrets that are not sent again stay, but only for the address they were made for. Throws a Problem where
 * the address changes and a stored secret would follow it.
 */
export function changeForm(connector: Connector, stored: CheckedForm, changes: { fields?: Fields | undefined; baseUrl?: string | null | undefined }): CheckedForm {
  const sent = Object.fromEntries(Object.entries(changes.fields ?? {}).filter(([name, value]) => !(Object.hasOwn(stored.secrets, name) && value === '')));
  const next = checkForm(connector, { ...stored.visible, ...stored.secrets, ...sent }, changes.baseUrl === undefined ? stored.baseUrl : changes.baseUrl);
  const before = placeOf({ connector, fields: { ...stored.visible, ...stored.secrets }, baseUrl: stored.baseUrl });
  const after = placeOf({ connector, fields: { ...next.visible, ...next.secrets }, baseUrl: next.baseUrl });
  const kept = Object.keys(stored.secrets).filter((name) => !Object.hasOwn(sent, name));
  if (before?.host !== after?.host || before?.protocol !== after?.protocol) {
    if (kept.length > 0) throw new Problem(problems['connection-secrets-needed'], 'The credentials were made for another address. Enter them again.', { issues: kept.map((name) => ({ path: `fields.${name}`, message: 'enter it again for the new address' })) });
  }
  return next;
}
