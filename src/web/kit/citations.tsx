import { Popover, Text, UnstyledButton } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { TextLink } from './link.tsx';
import classes from './citations.module.css';

/** A passage an answer rests on. */
export interface Citation {
  /** As it appears in the text, from 1. */
  number: number;
  title: string;
  snippet: string;
  page?: number | null;
  /** Where the document can be read; http(s) or a path of this site. */
  url?: string | null;
}

/** Numbered chips under an answer; each opens its passage. `open` lets a marker in the text open one. */
export const CitationChips = ({ citations, open, onOpen }: { citations: readonly Citation[]; open: number | null; onOpen: (number: number | null) => void }) => (
  <div className={classes.chips} role="group" aria-label="Sources">
    {citations.map((citation) => (
      <Popover
        key={citation.number} opened={open === citation.number} onChange={(next) => { onOpen(next ? citation.number : null); }} width={340} position="top-start" withinPortal trapFocus returnFocus
      >
        <Popover.Target>
          <UnstyledButton
            type="button" className={classes.chip} aria-expanded={open === citation.number}
            onClick={() => { onOpen(open === citation.number ? null : citation.number); }}
          >
            <span className={classes.number}>{citation.number}</span>
            <span className={classes.title}>{citation.title}{citation.page != null && `, p. ${citation.page}`}</span>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <Text fw={500} dir="auto">{citation.title}</Text>
          {citation.page != null && <Text size="xs" c="dimmed">Page {citation.page}</Text>}
          <blockquote className={classes.passage} dir="auto" tabIndex={0}>{citation.snippet}</blockquote>
          <Open url={citation.url ?? null} />
        </Popover.Dropdown>
      </Popover>
    ))}
  </div>
);

const Open = ({ url }: { url: string | null }) => {
  if (url === null) return null;
  if (/^\/(?![/\\])/.test(url)) return <TextLink to={url}>Open document</TextLink>;
  if (!/^https?:\/\//i.test(url)) return null;
  return <a href={url} target="_blank" rel="noopener noreferrer" className={classes.link}>Open source <IconExternalLink size={14} aria-hidden /></a>;
};
