import { mayBePlain } from '#platform/egress/plain-place.ts';
import { NodeError } from '../node-error.ts';

/**
 * An address that may carry credentials and people's words: https, without a user name. Plain http passes only for
 * private addresses and unusual ports, which the guard behind `context.fetch` refuses unless the operator opened them.
 * Throws NodeError `node-config-invalid`.
 */
export function secureUrl(written: string): URL {
  const text = written.trim();
  if (text === '') throw new NodeError('node-config-invalid', 'The address of the server is not set.');
  if (text.length > 2_000 || !URL.canParse(text)) throw new NodeError('node-config-invalid', `"${text.slice(0, 100)}" is not a web address.`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new NodeError('node-config-invalid', 'The address of the server must begin with https://.');
  if (url.username !== '' || url.password !== '') throw new NodeError('node-config-invalid', 'The address of the server must not contain a user name or password.');
  if (url.protocol === 'http:' && !mayBePlain(url)) throw new NodeError('node-config-invalid', `The address "${url.host}" must be reached over https.`);
  return url;
}
