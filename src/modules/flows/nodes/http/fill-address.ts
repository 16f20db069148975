import { NodeError } from '../node-error.ts';
import { secureUrl } from './secure-url.ts';

/** Characters a part may hold where it stands: all of the address, its host, or its path. None leads out of its place. */
const ALLOWED = { whole: /^https?:\/\/[\w.:/[\]-]+$/i, host: /^[\w.-]+$/, path: /^[\w./~-]+$/ };

/**
 * An address whose parts in braces are filled from its variables: `https://{tenant}.example.com`. Whoever sets a part cannot
 * change where the rest leads. Throws NodeError `node-config-invalid`, also for what {@link secureUrl} refuses.
 */
export const fillAddress = (url: string, variables: Readonly<Record<string, string>>): URL =>
  secureUrl(url.replace(/\{([^{}]{1,100})\}/g, (_whole, name: string, offset: number) => partOf(name, variables, placeOf(url.slice(0, offset)))));

const placeOf = (before: string): keyof typeof ALLOWED => (before === '' ? 'whole' : /:\/\/[^/]*$/.test(before) ? 'host' : 'path');

function partOf(name: string, variables: Readonly<Record<string, string>>, place: keyof typeof ALLOWED): string {
  const value = (Object.hasOwn(variables, name) ? variables[name] ?? '' : '').trim();
  const title = `The part “${name.slice(0, 60)}” of the address`;
  if (value === '') throw new NodeError('node-config-invalid', `${title} is not set.`);
  if (!ALLOWED[place].test(value) || value.includes('..')) throw new NodeError('node-config-invalid', `${title} holds characters that do not belong there.`);
  return value;
}
