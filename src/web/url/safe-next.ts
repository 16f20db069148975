/**
 * Where to go after signing in, if `next` is a path of this very site; otherwise `fallback`. Addresses of other sites in
 * any disguise (`//evil`, `/\evil`, `https:evil`, tabs and line breaks inside) are refused.
 */
export const safeNext = (next: unknown, fallback = '/'): string => {
  if (typeof next !== 'string' || next.length > 2_000) return fallback;
  // Browsers drop tabs and line breaks, and read a backslash as a slash: with either, what is checked is not what is opened.
  if (!/^\/(?!\/)/.test(next) || [...next].some((letter) => letter <= ' ' || letter === '\u007f' || letter === '\\')) return fallback;
  const base = 'https://here.invalid';
  let url: URL;
  try { url = new URL(next, base); } catch { return fallback; }
  if (url.origin !== base || url.username !== '' || url.pathname.startsWith('//')) return fallback;
  // Back to the sign-in page would go round in circles.
  if (/^\/(login|register)\/?$/.test(url.pathname)) return fallback;
  return url.pathname + url.search + url.hash;
};
