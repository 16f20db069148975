import type { WidgetMode } from '#modules/widget/embed-contract.ts';

export type Scheme = 'light' | 'dark';

/** Where an inline widget goes on the sample page. */
export const SAMPLE_TARGET = 'assistant';

/** Greys of a page that is not ours: the widget stands on somebody else's site, so the console's tokens have no say in it. */
const GROUNDS: Readonly<Record<Scheme, string>> = {
  light: '--ground:#fff;--bar:#eceef1;--deep:#dfe2e7;--line:#e6e8ec',
  dark: '--ground:#16181c;--bar:#262a31;--deep:#343a43;--line:#2b3038',
};

const STYLE = `
body{margin:0;background:var(--ground);min-height:100vh;font-family:system-ui,sans-serif}
header{display:flex;gap:16px;align-items:center;padding:18px 28px;border-bottom:1px solid var(--line)}
header i{width:72px;height:12px;background:var(--deep)}header i:first-child{width:28px;height:28px;border-radius:8px;margin-inline-end:auto}
main{max-width:720px;margin:0 auto;padding:36px 28px;display:grid;gap:14px}
i{display:block;border-radius:6px;background:var(--bar);height:12px}
.title{height:28px;width:58%;background:var(--deep)}.picture{height:180px;border-radius:14px;margin:10px 0}.short{width:40%}
#${SAMPLE_TARGET}{height:520px;max-width:720px}
@media (max-width:480px){header{padding:14px 18px}header i:nth-child(n+3){display:none}main{padding:22px 18px}.title{width:80%}.picture{height:130px}}
`;

/** Text for an attribute's double quotes. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The attributes of the embed code. */
export interface SampleScript { key: string; mode: WidgetMode }

const attributesOf = ({ key, mode }: SampleScript): string =>
  `data-key="${escaped(key)}"${mode === 'floating' ? '' : ` data-mode="${mode}"`}${mode === 'inline' ? ` data-target="#${SAMPLE_TARGET}"` : ''}`;

/**
 * A page such as a customer's, with the widget's script in it: with `script` exactly as in the embed code; with null only the
 * script, for the builder to start it by hand.
 */
export const samplePage = ({ scheme, inline, script }: { scheme: Scheme; inline: boolean; script: SampleScript | null }): string => {
  const article = '<i class="title"></i><i></i><i></i><i class="short"></i><i class="picture"></i><i></i><i></i><i class="short"></i>';
  const content = inline ? `<i class="title"></i><i class="short"></i><div id="${SAMPLE_TARGET}"></div>` : article;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="${scheme}">`
    + `<title>Sample page</title><style>:root{${GROUNDS[scheme]}}${STYLE}</style></head>`
    + `<body><header aria-hidden="true"><i></i><i></i><i></i><i></i></header><main>${content}</main>`
    + `<script src="/widget.js"${script === null ? '' : ` async ${attributesOf(script)}`}></script></body></html>`;
};
