import { plainEncoding } from './page-address.ts';
import type { WebsiteConfig } from '../contract/website.ts';

/**
 * A test whether a path begins as a pattern says: `*` stands for any characters, a `$` at the end for the end (RFC 9309,
 * 2.2.3). Each part is looked for once from left to right, so no pattern makes it slow.
 */
export function pathPattern(written: string): (path: string) => boolean {
  const pattern = plainEncoding(written.replace(/[^\u0021-\u007e]+/gu, (text) => encodeURIComponent(text.toWellFormed())));
  const whole = pattern.endsWith('$');
  const [first = '', ...parts] = (whole ? pattern.slice(0, -1) : pattern).split(/\*+/);
  const last = whole ? parts.pop() : undefined;
  return (path) => {
    if (!path.startsWith(first)) return false;
    let from = first.length;
    for (const part of parts) {
      const at = path.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    if (last !== undefined) return path.length - last.length >= from && path.endsWith(last);
    return !whole || path.length === from;
  };
}

/** Path and query, which patterns are about. */
export const pathOf = (url: URL): string => `${url.pathname}${url.search}`;

/** Whether a page is one of those the buyer wants. A pattern may be written as a whole address, or without its first slash. */
export function pathFilter({ include, exclude }: Pick<WebsiteConfig, 'include' | 'exclude'>): (url: URL) => boolean {
  const only = include.map(writtenPattern);
  const never = exclude.map(writtenPattern);
  return (url) => {
    const path = pathOf(url);
    return (only.length === 0 || only.some((matches) => matches(path))) && !never.some((matches) => matches(path));
  };
}

const writtenPattern = (written: string) => {
  const path = written.replace(/^https?:\/\/[^/?#]*/i, '');
  return pathPattern(/^[/*]/.test(path) ? path : `/${path}`);
};
