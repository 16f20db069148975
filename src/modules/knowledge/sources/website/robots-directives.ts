/** What a page says about itself to robots: do not keep it, do not follow its links. */
export interface RobotsDirectives { noindex: boolean; nofollow: boolean }

const VALUED = new Set(['unavailable_after', 'max-snippet', 'max-image-preview', 'max-video-preview']);

/** The content of `<meta name="robots">`. */
export function metaDirectives(content: string): RobotsDirectives {
  return directivesOf(content.toLowerCase().split(/[\s,]+/));
}

/**
 * The header `X-Robots-Tag`. A part like `otherbot: noindex` speaks to that robot only, with what follows it up to the
 * next name.
 */
export function headerDirectives(header: string | null, agent: string): RobotsDirectives {
  const ours: string[] = [];
  let speaksToUs = true;
  for (const part of (header ?? '').toLowerCase().slice(0, 5000).split(',')) {
    const [, name, rest] = /^\s*([a-z0-9_-]+)\s*:(.*)$/.exec(part) ?? [];
    if (name !== undefined && !VALUED.has(name)) speaksToUs = name === agent.toLowerCase();
    if (speaksToUs) ours.push((name === undefined ? part : rest ?? '').trim());
  }
  return directivesOf(ours);
}

const directivesOf = (words: readonly string[]): RobotsDirectives => ({
  noindex: words.includes('noindex') || words.includes('none'),
  nofollow: words.includes('nofollow') || words.includes('none'),
});
