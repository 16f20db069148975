/** What somebody typed or pasted, as the host a browser would name; or what is wrong with it, in words. */
export type ReadDomain = { host: string; problem: null } | { host: null; problem: string };

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(${LABEL}\\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})(:\\d{1,5})?$`);
const LOOPBACK = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/;
const EXAMPLE = 'Write a host such as shop.example.com, or localhost:3000 to try things out.';

/** Takes addresses as people copy them (`https://Shop.example.com/cart`) down to the host; the server has the last word. */
export const readDomain = (typed: string): ReadDomain => {
  const words = typed.trim().toLowerCase();
  if (words === '') return refuse(EXAMPLE);
  if (words.includes('*')) return refuse('A star does not stand for anything here. Add each host by its whole name.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(words)?.[1];
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') return refuse(EXAMPLE);
  // Read as https, so that the port browsers leave out of an origin is left out here too.
  const url = URL.parse(`https://${words.replace(/^https?:\/\//, '')}`);
  if (url === null || url.username !== '' || url.password !== '') return refuse(EXAMPLE);
  const host = url.host.replace(/\.(?=:|$)/, '');
  if (LOOPBACK.test(host)) return { host: host.replace(/:80$/, ''), problem: null };
  if (scheme === 'http') return refuse(`The widget runs on sites that are reached by https. If ${host} is, add it without http://.`);
  return HOST.test(host) ? { host, problem: null } : refuse(EXAMPLE);
};

const refuse = (problem: string): ReadDomain => ({ host: null, problem });

/** The origins a browser may name for an allowed host. */
export const originsOfHost = (host: string): string => (LOOPBACK.test(host) ? `http://${host} and https://${host}` : `https://${host}`);

/** An entry from before exact hosts were asked for: it is kept, but nothing matches it. */
export const matchesNothing = (host: string): boolean => host.includes('*');
