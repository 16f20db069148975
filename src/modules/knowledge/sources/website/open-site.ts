import { SourceError } from '../source-reader.ts';
import { pageAddress, type Site, siteOf } from './page-address.ts';
import { type Visit, visitPage, type VisitTools } from './visit-page.ts';

/** `asked` is the address as it was given, `first` what came of it. */
export interface OpenedSite { site: Site; asked: URL; first: Extract<Visit, { kind: 'content' | 'unchanged' }> }

/** Reads the first page. Where it ends after redirects decides which site this is. Throws {@link SourceError} when there is nothing to begin with. */
export async function openSite(written: string, tools: Omit<VisitTools, 'site'>): Promise<OpenedSite> {
  const home = pageAddress(written);
  if (home === null) throw new SourceError('settings', 'Write an address of the web without user and password in it, such as https://example.com/help.');
  tools.claim(home);
  const first = await visitPage(home, { ...tools, site: null });
  switch (first.kind) {
    case 'content': case 'unchanged': return { site: siteOf(first.url), asked: home, first };
    case 'problem': throw first.problem;
    case 'missing': throw new SourceError('not-found', `There is no page at ${home.href}. Check the address.`);
    case 'seen': throw new SourceError('unexpected', 'This address is redirected in circles.');
    case 'left-out': throw leftOut(first.why, first.url);
  }
}

function leftOut(why: 'robots' | 'elsewhere' | 'type', url: URL): SourceError {
  switch (why) {
    case 'robots': return new SourceError('refused', `The rules for robots of ${url.host} (robots.txt) do not allow this page to be read. Whoever runs the site can allow it.`);
    case 'elsewhere': return new SourceError('unexpected', 'This address is redirected to something that is no page of the web.');
    case 'type': return new SourceError('unexpected', 'At this address is neither a page nor a document that can be read.');
  }
}
