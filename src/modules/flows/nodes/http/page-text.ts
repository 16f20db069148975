/** The readable text and the title of an HTML page, without scripts, styles and navigation. */
export async function pageText(html: string): Promise<{ title: string; text: string }> {
  // Loaded on first use: most runs read no pages.
  const { load } = await import('cheerio');
  const page = load(html);
  page('script, style, noscript, template, svg, nav, iframe').remove();
  page('br').replaceWith('\n');
  page('p, div, li, tr, h1, h2, h3, h4, h5, h6, section, article, header, footer, pre, blockquote').append('\n');
  page('td, th').append(' ');
  const text = page('body').text().replace(/[ \t\u00a0]+/g, ' ').replace(/ ?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
  return { title: page('title').first().text().trim().slice(0, 300), text };
}
