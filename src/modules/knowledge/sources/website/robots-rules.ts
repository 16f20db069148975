import { pathOf, pathPattern } from './path-pattern.ts';

/** What a robots.txt says to us (RFC 9309). */
export interface RobotsRules {
  allows(url: URL): boolean;
  /** Between two requests; null where nothing is said. Not in the standard, but widely written. */
  delayMs: number | null;
  sitemaps: readonly string[];
}

interface Rule { allow: boolean; length: number; matches(path: string): boolean }
interface Group { agents: string[]; rules: [allow: boolean, pattern: string][]; delayMs: number | null; closed: boolean }

/** Past the longest path we ask for; only a pattern made of nothing but `*` could still match. */
const PATTERN_CHARACTERS_MAX = 2000;
const SITEMAPS_MAX = 50;

export const ALL_ALLOWED: RobotsRules = { allows: () => true, delayMs: null, sitemaps: [] };

/**
 * Reads a robots.txt as `agent`, our product token. All groups that name us count together; where none does, those for
 * `*`. The longest matching pattern decides, and permission where two are as long. Lines nobody understands are passed over.
 */
export function readRobots(text: string, agent: string): RobotsRules {
  const { groups, sitemaps } = groupsOf(text);
  const name = agent.toLowerCase();
  const named = groups.filter(({ agents }) => agents.includes(name));
  const ours = named.length > 0 ? named : groups.filter(({ agents }) => agents.includes('*'));
  const rules = ours.flatMap((group) => group.rules).map(([allow, pattern]): Rule => ({ allow, length: pattern.length, matches: pathPattern(pattern) }))
    .toSorted((a, b) => b.length - a.length || Number(b.allow) - Number(a.allow));
  return {
    allows(url) {
      const path = pathOf(url);
      return path === '/robots.txt' || (rules.find((rule) => rule.matches(path))?.allow ?? true);
    },
    delayMs: ours.map((group) => group.delayMs).find((delay) => delay !== null) ?? null,
    sitemaps,
  };
}

function groupsOf(text: string): { groups: Group[]; sitemaps: string[] } {
  const groups: Group[] = [];
  const sitemaps = new Set<string>();
  let group: Group | undefined;
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const [key = '', ...rest] = (line.split('#', 1)[0] ?? '').split(':');
    const name = key.trim().toLowerCase();
    const value = rest.join(':').trim();
    if (name === 'sitemap' && value !== '' && sitemaps.size < SITEMAPS_MAX) sitemaps.add(value);
    if (name === 'user-agent') {
      // Lines of agents that follow each other begin one group; after a rule, the next.
      if (!group || group.closed) groups.push(group = { agents: [], rules: [], delayMs: null, closed: false });
      group.agents.push((value.split('/', 1)[0] ?? '').trim().toLowerCase());
    } else if (group && ['allow', 'disallow', 'crawl-delay'].includes(name)) {
      group.closed = true;
      if (name === 'crawl-delay') group.delayMs = /^\d{1,6}(\.\d{1,3})?$/.test(value) ? Number(value) * 1000 : null;
      // Without a pattern nothing is forbidden and nothing allowed.
      else if (value !== '' && value.length <= PATTERN_CHARACTERS_MAX) group.rules.push([name === 'allow', value]);
    }
  }
  return { groups, sitemaps: [...sitemaps] };
}
