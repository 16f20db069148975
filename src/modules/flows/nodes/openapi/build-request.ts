import { randomBytes } from 'node:crypto';
import { isReservedHeader } from '#platform/http/reserved-headers.ts';
import { NodeError } from '../node-error.ts';
import { secureUrl } from '../http/secure-url.ts';
import { argumentAt } from '../tool/check-arguments.ts';
import { isRow, scalarText } from '../values.ts';
import type { Operation, OperationBody } from './operation-config.ts';
import { formBody, formFields, headerValue, pathValue, queryPairs } from './serialize-parameter.ts';

export interface OperationRequest { url: string; method: string; headers: Record<string, string>; body?: string }

const URL_CHARS_MAX = 8_000;
const BODY_CHARS_MAX = 1_000_000;

/**
 * The request of an operation with these (checked) arguments. Stays below the server's address whatever the arguments
 * hold: every value is one segment or one parameter. Throws NodeError for what cannot be sent.
 */
export function buildRequest(operation: Operation, server: string, args: Readonly<Record<string, unknown>>): OperationRequest {
  const base = secureUrl(server);
  const given = operation.parameters.map((parameter) => ({ parameter, value: argumentAt(args, parameter.argument) }));
  const path = operation.path.replace(/\{([^{}/]{1,200})\}/g, (_whole, name: string) => {
    const found = given.find(({ parameter }) => parameter.in === 'path' && parameter.name === name);
    if (!found || found.value === undefined || found.value === null) throw new NodeError('node-input-invalid', `The argument "${name.slice(0, 60)}" is missing.`);
    const written = pathValue(found.parameter, found.value);
    if (/^(?:\.|%2e){0,2}$/i.test(written)) throw new NodeError('node-input-invalid', `The argument "${name.slice(0, 60)}" must not be empty or a dot.`);
    return written;
  });
  const query = given.filter(({ parameter, value }) => parameter.in === 'query' && value !== undefined && value !== null).flatMap(({ parameter, value }) => queryPairs(parameter, value));
  // Put together as text: parsing and printing again would encode what a style leaves open.
  const target = `${base.origin}${base.pathname.replace(/\/+$/, '')}${path}${query.length === 0 ? '' : `${path.includes('?') ? '&' : '?'}${query.map((pair) => pair.join('=')).join('&')}`}`;
  if (target.length > URL_CHARS_MAX || !URL.canParse(target)) throw new NodeError('node-input-invalid', 'The arguments do not make a valid address.');
  const url = new URL(target);
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname.replace(/\/+$/, ''))) throw new NodeError('node-input-invalid', 'The arguments lead away from the server.');
  const body = operation.body === null || operation.method === 'GET' || operation.method === 'HEAD' ? null : bodyText(operation.body, argumentAt(args, operation.body.argument));
  if (body !== null && body.text.length > BODY_CHARS_MAX) throw new NodeError('node-input-invalid', `The body is longer than ${BODY_CHARS_MAX.toLocaleString('en')} characters.`);
  const headers: Record<string, string> = { accept: operation.accept };
  for (const { parameter, value } of given) {
    if (parameter.in === 'header' && value !== undefined && value !== null) headers[headerName(parameter.name)] = headerText(parameter.name, headerValue(parameter, value));
  }
  return { url: target, method: operation.method, headers: body === null ? headers : { ...headers, 'content-type': body.mediaType }, ...(body === null ? {} : { body: body.text }) };
}

function headerName(name: string): string {
  if (isReservedHeader(name)) throw new NodeError('node-config-invalid', `The header "${name.slice(0, 50)}" cannot be set.`);
  return name.toLowerCase();
}

function headerText(name: string, value: string): string {
  // Anything outside visible ASCII would be refused or read differently by servers; line breaks would start another header.
  if (!/^[\t\x20-\x7e]{0,4000}$/.test(value)) throw new NodeError('node-input-invalid', `The argument "${name.slice(0, 60)}" holds characters that a header cannot carry.`);
  return value;
}

function bodyText(body: OperationBody, value: unknown): { text: string; mediaType: string } | null {
  if (value === undefined || (value === null && !body.required)) return null;
  switch (body.kind) {
    case 'json': return { text: JSON.stringify(value), mediaType: body.mediaType };
    case 'text': return { text: scalarText(value), mediaType: body.mediaType };
    case 'form': return { text: formBody(fieldsOf(value)), mediaType: 'application/x-www-form-urlencoded' };
    case 'multipart': return multipart(fieldsOf(value));
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRow(value)) throw new NodeError('node-input-invalid', 'The body must be an object with one field for each value.');
  return value;
}

/** Text parts only (RFC 7578). The boundary is random, so no value can hold it. */
function multipart(value: Readonly<Record<string, unknown>>): { text: string; mediaType: string } {
  const boundary = `part-${randomBytes(16).toString('hex')}`;
  const parts = formFields(value).map(([name, text]) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name.replace(/["\r\n]/g, (character) => encodeURIComponent(character))}"\r\n\r\n${text}\r\n`);
  return { text: `${parts.join('')}--${boundary}--\r\n`, mediaType: `multipart/form-data; boundary=${boundary}` };
}
