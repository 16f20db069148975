import { Group, Popover, Text, UnstyledButton } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { createContext, useContext } from 'react';
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
  /** The document and the piece of it, for {@link OpenDocument}. */
  documentId?: string | null;
  chunkId?: string | null;
  /** The answer quotes it in other words than its own. */
  inexact?: boolean;
  /** What has become of the document since. */
  state?: 'current' | 'changed' | 'deleted';
}

/** Shows a document of the knowledge, where the screen has a way to; null elsewhere. */
export const OpenDocument = createContext<((document: { documentId: string; chunkId: string | null; title: string }) => void) | null>(null);

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
            <span className={classes.title}>{citation.title}{citation.page != null && `, p. ${citation.page}`}{citation.state === 'deleted' && ' (deleted)'}</span>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <Text fw={500} dir="auto">{citation.title}</Text>
          {citation.page != null && <Text size="xs" c="dimmed">Page {citation.page}</Text>}
          {citation.state !== undefined && citation.state !== 'current' && <Text size="xs" c="dimmed" role="note">{STATE_WORDS[citation.state]}</Text>}
          {citation.snippet !== '' && <blockquote className={classes.passage} dir="auto" tabIndex={0}>{citation.snippet}</blockquote>}
          {citation.inexact === true && <Text size="xs" c="dimmed" role="note">A quotation in the answer is not word for word from this document.</Text>}
          <Group gap="md"><Open url={citation.url ?? null} /><OpenHere citation={citation} /></Group>
        </Popover.Dropdown>
      </Popover>
    ))}
  </div>
);

const STATE_WORDS = { changed: 'This document was changed since. Shown is what it said then.', deleted: 'This document was deleted since. Shown is what it said then.' } as const;

const OpenHere = ({ citation: { documentId, chunkId = null, title, state } }: { citation: Citation }) => {
  const open = useContext(OpenDocument);
  if (open === null || documentId == null || state === 'deleted') return null;
  return <UnstyledButton type="button" className={classes.link} onClick={() => { open({ documentId, chunkId, title }); }}>Read the document</UnstyledButton>;
};

const Open = ({ url }: { url: string | null }) => {
  if (url === null) return null;
  if (/^\/(?![/\\])/.test(url)) return <TextLink to={url}>Open document</TextLink>;
  if (!/^https?:\/\//i.test(url)) return null;
  return <a href={url} target="_blank" rel="noopener noreferrer" className={classes.link}>Open source <IconExternalLink size={14} aria-hidden /></a>;
};
