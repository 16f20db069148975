import { scalarText } from '../../nodes/values.ts';
import { read, readText } from '../plain.ts';
import { templateOf } from '../steps/expression-text.ts';
import type { StepDraft } from '../steps/step-draft.ts';
import type { FlowiseContext } from './flowise-context.ts';
import { parsed, rowsOf, textOf } from './flowise-context.ts';
import type { RawNode } from './read-flowise.ts';
import { readMentions, valueExpression } from './texts.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

/** A request over HTTP. */
export function mapHttp(node: RawNode, step: StepDraft, context: FlowiseContext): void {
  const scope = { own: node, problem: (words: string) => step.approximate(words) };
  const url = templateOf(readMentions(textOf(node, 'url'), context, scope));
  if (url.trim() === '') return step.refuse('The request has no address.', 'Set the address in Flowise and export the flow again.');
  const method = textOf(node, 'method').toUpperCase();
  const pairs = (name: string): Record<string, unknown> => Object.fromEntries(rowsOf(node, name).slice(0, 50).map((row) => [(readText(row, 'key') ?? '').slice(0, 200), `{{ ${valueExpression(scalarText(read(row, 'value') ?? ''), context, scope)} }}`]).filter(([key]) => key !== '' && key !== '__proto__'));
  step.add('http.each', { method: METHODS.has(method) ? method : 'GET', url: url.slice(0, 4_000), query: pairs('queryParams'), headers: pairs('headers'), ...bodyOf(node, context), full: true, each: false, answer: textOf(node, 'responseType') === 'text' ? 'text' : 'auto', credentials: credentials(node, step) });
  if (textOf(node, 'responseType') === 'arraybuffer' || textOf(node, 'responseType') === 'base64') step.approximate('The answer is read as text, not as bytes.');
  step.enter(node.id, 'input');
  step.exit(node.id, 'response');
}

function bodyOf(node: RawNode, context: FlowiseContext): Record<string, unknown> {
  const kind = textOf(node, 'bodyType');
  if (kind === 'formData' || kind === 'xWwwFormUrlencoded') {
    const fields = Object.fromEntries(rowsOf(node, 'body').slice(0, 100).map((row) => [(readText(row, 'key') ?? '').slice(0, 200), `{{ ${valueExpression(scalarText(read(row, 'value') ?? ''), context, { own: node })} }}`]).filter(([key]) => key !== '' && key !== '__proto__'));
    return { bodyKind: 'form', body: fields };
  }
  const body = textOf(node, 'body');
  if (body.trim() === '') return {};
  const fixed = parsed(body);
  return { bodyKind: kind === 'raw' ? 'text' : 'json', body: body.includes('{{') || fixed === undefined ? templateOf(readMentions(body, context, { own: node })) : JSON.stringify(fixed).replaceAll('{{', '{ {') };
}

/** Flowise keeps the credential; here an account is bound to the step. */
function credentials(node: RawNode, step: StepDraft): Record<string, unknown>[] {
  if (node.credential === null) return [];
  const place = /basic/i.test(node.credential) ? 'basic' : 'bearer';
  if (/apikey/i.test(node.credential)) step.approximate('The key is sent as a bearer token; change its place where the server wants it elsewhere.');
  step.connection('http', 'Web address with an account');
  return [{ connection: 'http', place }];
}
