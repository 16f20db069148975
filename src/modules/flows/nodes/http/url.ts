import { NodeError } from '../node-error.ts';

/** A checked http(s) address without credentials. Whether it may be reached decides the guard behind `context.fetch`. */
export function httpUrl(written: string): URL {
  const text = written.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  if (text === '' || text.length > 2_000 || !URL.canParse(withScheme)) throw new NodeError('node-input-invalid', `"${text.slice(0, 100)}" is not a web address.`);
  const url = new URL(withScheme);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new NodeError('node-input-invalid', 'Only http and https addresses can be fetched.');
  if (url.username !== '' || url.password !== '') throw new NodeError('node-input-invalid', 'A web address must not contain a user name or password.');
  return url;
}
