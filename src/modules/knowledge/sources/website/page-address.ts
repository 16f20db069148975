/** Longest address of a page, in characters; it is also the document's id. */
const ADDRESS_CHARACTERS_MAX = 2000;
/** Parameters that say where a visitor came from, never what is shown. */
const TRACKING = /^(utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|oly_anon_id|oly_enc_id|vero_id|wickedid)$/i;
/** Parameters that name a visit. */
const SESSION = /^(phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|oscsid|zenid|xtcsid|sessionid|session_id|sess_id)$/i;
/** These name a visit only where the value looks drawn at random; else they may be the number of a page. */
const SHORT_SESSION = /^(sid|s|session|sess)$/i;
const RANDOM = /^(?=.*\d)[a-z0-9_,-]{16,}$/i;
const PATH_SESSION = /;(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*/gi;
/** ASP.NET without cookies. */
const PATH_TICKET = /\/\([SAFX]\([a-z0-9]{12,}\)\)(?=\/)/gi;

/**
 * The address of a page as we keep it, so that each page has one (RFC 3986, 6.2): lower-case host, no default port, no
 * dot segments, percent-encoding only where needed and in capitals, no fragment, no parameters that only track visitors
 * or name their visit, the others in order of their names. Null for what is not a web page: other protocols, addresses
 * with a password, too long ones.
 */
export function pageAddress(written: string, base?: URL): URL | null {
  const trimmed = written.trim();
  if (trimmed === '' || trimmed.length > 2 * ADDRESS_CHARACTERS_MAX || !URL.canParse(trimmed, base?.href)) return null;
  const url = new URL(trimmed, base);
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '' || url.hostname === '') return null;
  url.hash = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  url.pathname = plainEncoding(url.pathname).replace(PATH_SESSION, '').replace(PATH_TICKET, '');
  url.search = plainQuery(url.search);
  return url.href.length > ADDRESS_CHARACTERS_MAX ? null : url;
}

/** Percent-encoding in its one form: none for unreserved characters, capitals for the others. */
export const plainEncoding = (text: string): string => text.replace(/%([0-9a-f]{2})/gi, (encoded, hex: string) => {
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase();
});

/** Values stay as they were written: whether a space is `+` or `%20`, and whether there is a `=`, is between a site and its links. */
function plainQuery(search: string): string {
  const kept = plainEncoding(search.replace(/^\?/, '')).split('&').filter((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return pair !== '' && !TRACKING.test(name) && !SESSION.test(name) && !(SHORT_SESSION.test(name) && RANDOM.test(value));
  });
  const nameOf = (pair: string) => pair.split('=', 1)[0] ?? '';
  return kept.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0)).join('&');
}

/** What belongs together: one host with its twin on `www.`, over http or https. */
export interface Site {
  /** The host as people know it. */
  name: string;
  home: URL;
  /** The address as one of the site, so that twins and an unencrypted link do not make second pages; null for another site. */
  own(url: URL): URL | null;
}

export function siteOf(home: URL): Site {
  const twin = (url: URL) => `${url.hostname.replace(/^www\./, '')}:${url.port}`;
  return {
    name: home.host, home,
    own(url) {
      if (twin(url) !== twin(home)) return null;
      const own = new URL(url);
      own.hostname = home.hostname;
      if (home.protocol === 'https:') own.protocol = 'https:';
      return own;
    },
  };
}
