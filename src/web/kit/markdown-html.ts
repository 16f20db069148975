import DOMPurify from 'dompurify';
import { marked } from 'marked';

/** What a text by strangers may become. No styles, no forms, no frames, no pictures from other sites. */
const TAGS = [
  'p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'em', 'strong', 'del', 'a', 'table', 'thead', 'tbody',
  'tr', 'th', 'td', 'img', 'input', 'sup', 'sub', 'kbd',
];
const ATTRIBUTES = ['href', 'title', 'alt', 'src', 'align', 'start', 'type', 'checked', 'disabled'];

const purifier = DOMPurify(window);

/** Pictures that were uploaded here or came with the product. Not any path of this site: showing one must not call the API. */
const isOwnImage = (source: string): boolean => {
  try {
    const url = new URL(source, location.origin);
    return url.origin === location.origin && /^\/(files|samples)\//.test(url.pathname) && url.search === '';
  } catch { return false; }
};

purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node instanceof HTMLAnchorElement) {
    const href = node.getAttribute('href') ?? '';
    if (!/^(https?:|mailto:|\/(?!\/)|#)/i.test(href)) node.removeAttribute('href');
    if (/^https?:/i.test(href)) {
      node.setAttribute('target', '_blank');
      node.setAttribute('rel', 'noopener noreferrer nofollow ugc');
    }
  }
  // A picture from elsewhere tells its server who reads what, and can carry data out in its address.
  if (node instanceof HTMLImageElement && !isOwnImage(node.getAttribute('src') ?? '')) {
    const words = document.createElement('span');
    words.textContent = node.alt;
    node.replaceWith(words);
  }
  // Only the ticks of task lists.
  if (node instanceof HTMLInputElement && node.type !== 'checkbox') node.remove();
});

/** Longest text turned into HTML, in characters; the rest is cut with a mark. */
const LENGTH_MAX = 200_000;

/** Markdown by anybody as HTML that is safe to show. `breaks` keeps single line ends, as in a chat. */
export const markdownHtml = (text: string, options: { breaks?: boolean } = {}): string => {
  const bounded = text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
  const html = marked.parse(bounded, { async: false, gfm: true, breaks: options.breaks ?? false });
  return purifier.sanitize(html, { ALLOWED_TAGS: [...TAGS, 'span'], ALLOWED_ATTR: ATTRIBUTES, ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false });
};
