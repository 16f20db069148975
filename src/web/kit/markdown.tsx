import { Typography } from '@mantine/core';
import { useEffect, useMemo, useState, type MouseEvent } from 'react';
import classes from './markdown.module.css';

type ToHtml = (text: string, options?: { breaks?: boolean }) => string;
let loaded: ToHtml | null = null;

/** The converter, fetched with the first text; until then the text stands as it is. */
const useMarkdownHtml = (): ToHtml | null => {
  const [convert, setConvert] = useState<{ run: ToHtml } | null>(() => (loaded === null ? null : { run: loaded }));
  useEffect(() => {
    if (convert !== null) return;
    let here = true;
    void import('./markdown-html.ts').then(({ markdownHtml }) => {
      loaded = markdownHtml;
      if (here) setConvert({ run: markdownHtml });
    });
    return () => { here = false; };
  }, [convert]);
  return convert?.run ?? null;
};

/** Replaces `[1]` in running text (not in code or links) with a button per source that exists. */
const withMarkers = (html: string, count: number): string => {
  const root = document.createElement('template');
  // Already sanitised: this only adds buttons around text.
  root.innerHTML = html;
  const walker = document.createTreeWalker(root.content, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) if (walker.currentNode instanceof Text) texts.push(walker.currentNode);
  for (const text of texts) {
    if (text.parentElement?.closest('code, pre, a') || !/\[\d{1,2}\]/.test(text.data)) continue;
    const parts = text.data.split(/(\[\d{1,2}\])/);
    text.replaceWith(...parts.map((part) => {
      const number = Number(/^\[(\d{1,2})\]$/.exec(part)?.[1]);
      if (!(number >= 1 && number <= count)) return part;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = classes.marker ?? '';
      button.textContent = String(number);
      button.dataset.citation = String(number);
      button.setAttribute('aria-label', `Source ${number}`);
      return button;
    }));
  }
  return root.innerHTML;
};

/**
 * Markdown by anybody, shown safely. With `citations` (how many sources there are), `[1]` becomes a button that calls
 * `onCitation(1)`. Direction follows the text.
 */
export const Markdown = ({ children, breaks = false, citations = 0, onCitation }: {
  children: string; breaks?: boolean; citations?: number; onCitation?: (number: number) => void;
}) => {
  const convert = useMarkdownHtml();
  const html = useMemo(() => {
    if (convert === null) return null;
    const safe = convert(children, { breaks });
    return citations > 0 ? withMarkers(safe, citations) : safe;
  }, [convert, children, breaks, citations]);
  if (html === null) return <div className={classes.plain} dir="auto">{children}</div>;
  const click = (event: MouseEvent) => {
    const number = event.target instanceof HTMLElement ? Number(event.target.dataset.citation) : Number.NaN;
    if (number > 0) onCitation?.(number);
  };
  // oxlint-disable-next-line react/no-danger -- the HTML comes from markdownHtml, which sanitises it; see markdown-html.ts
  return <Typography className={classes.text} dir="auto" onClick={click} dangerouslySetInnerHTML={{ __html: html }} />;
};
