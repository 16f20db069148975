import { ActionIcon, Button, CopyButton, Group, Text, Textarea, Title, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload, IconPlayerStopFilled, IconSparkles } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { saveBlob } from '#web/api/call-endpoint.ts';
import { asProblem, isAbort, type ApiProblem } from '#web/api/problem.ts';
import { CitationChips, type Citation } from '#web/kit/citations.tsx';
import { formatCredits } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { Markdown } from '#web/kit/markdown.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { answerOf } from './product-chat.tsx';
import classes from './create.module.css';

/** A beginning for what one wants to have made. */
export interface CreateTemplate { label: string; prompt: string }

interface Result { text: string; citations: readonly Citation[]; credits: number | null; state: 'writing' | 'done' | 'stopped' | 'failed'; problem: ApiProblem | null }

/** A name for the file, from the first words of what was asked. */
const fileName = (prompt: string): string => `${prompt.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 48).replace(/^-+|-+$/g, '') || 'document'}.md`;

/**
 * Where something is made rather than talked about: a prompt, and what comes of it, to copy or take away. Every creation
 * is a conversation of its own, so it is found again in the history.
 */
export const StartCreating = ({ subscriptionId, templates, billingPath, editorPath, onMade }: {
  subscriptionId: string; templates: readonly CreateTemplate[]; billingPath: string;
  /** Where one goes on talking about the result. */
  editorPath: (conversation: string | null) => string;
  onMade?: () => void;
}) => {
  const [prompt, setPrompt] = useState('');
  const [asked, setAsked] = useState('');
  const [conversation, setConversation] = useState<string | null>(null);
  const { result, write, stop } = useWriting(subscriptionId, setConversation, onMade);
  const box = useRef<HTMLTextAreaElement>(null);
  const writing = result?.state === 'writing';
  const make = () => {
    if (prompt.trim() === '' || writing) return;
    setAsked(prompt);
    setConversation(null);
    void write(prompt.trim());
  };
  return (
    <section className={classes.create} aria-label="Start creating">
      <form className={classes.ask} onSubmit={(event) => { event.preventDefault(); make(); }}>
        <Title order={2} size="h3">Start creating</Title>
        <Textarea
          ref={box} autosize minRows={3} maxRows={12} dir="auto" aria-label="What would you like to create?" placeholder="What would you like to create?" value={prompt} maxLength={8_000}
          onChange={(event) => { setPrompt(event.currentTarget.value); }}
          onKeyDown={(event) => { if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) { event.preventDefault(); make(); } }}
        />
        <div className={classes.row}>
          <div className={classes.templates}>
            {templates.map((template) => <Button key={template.label} size="xs" variant="default" onClick={() => { setPrompt(template.prompt); box.current?.focus(); }}>{template.label}</Button>)}
          </div>
          {writing
            ? <Button variant="default" leftSection={<IconPlayerStopFilled size={14} />} onClick={stop}>Stop</Button>
            : <Button type="submit" leftSection={<IconSparkles size={16} />} disabled={prompt.trim() === ''}>Create</Button>}
        </div>
      </form>
      {result !== null && <Made result={result} asked={asked} billingPath={billingPath} editor={editorPath(conversation)} onRetry={() => { void write(asked.trim()); }} />}
    </section>
  );
};

const Made = ({ result, asked, billingPath, editor, onRetry }: { result: Result; asked: string; billingPath: string; editor: string; onRetry: () => void }) => {
  const [open, setOpen] = useState<number | null>(null);
  const { text, citations, credits, state, problem } = result;
  return (
    <div className={classes.made} aria-busy={state === 'writing'}>
      {text === '' && state === 'writing' && <Text c="dimmed" role="status">Writing</Text>}
      {text !== '' && <div className={classes.paper}><Markdown citations={Math.max(0, ...citations.map(({ number }) => number))} onCitation={setOpen}>{text}</Markdown></div>}
      {citations.length > 0 && state !== 'writing' && <CitationChips citations={citations} open={open} onOpen={setOpen} />}
      {state === 'stopped' && <Text size="xs" c="dimmed">Stopped</Text>}
      {problem !== null && (
        <div>
          <FailedState error={problem} onRetry={problem.status === 402 ? undefined : onRetry} kept={text === '' ? undefined : 'What was written so far is above.'} />
          {problem.status === 402 && <LinkButton mt="xs" size="xs" to={billingPath}>Add credits</LinkButton>}
        </div>
      )}
      {state !== 'writing' && text !== '' && (
        <Group gap={4}>
          <CopyButton value={text}>
            {({ copied, copy }) => <Tooltip label={copied ? 'Copied' : 'Copy'}><ActionIcon aria-label={copied ? 'Copied' : 'Copy'} onClick={copy}>{copied ? <IconCheck size={18} /> : <IconCopy size={18} />}</ActionIcon></Tooltip>}
          </CopyButton>
          <Tooltip label="Download as Markdown">
            <ActionIcon aria-label="Download as Markdown" onClick={() => { saveBlob(new Blob([text], { type: 'text/markdown;charset=utf-8' }), fileName(asked)); }}><IconDownload size={18} /></ActionIcon>
          </Tooltip>
          <LinkButton size="xs" variant="subtle" color="gray" to={editor}>Refine it in a conversation</LinkButton>
          {credits !== null && <Text size="xs" c="dimmed" ms="auto" className="tabular">{formatCredits(credits)}</Text>}
        </Group>
      )}
    </div>
  );
};

/** Writing one piece at a time; pieces of the stream are gathered and drawn once per frame. */
const useWriting = (subscriptionId: string, onConversation: (id: string) => void, onMade?: () => void) => {
  const [result, setResult] = useState<Result | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => { controller.current?.abort(); }, []);
  const write = async (prompt: string) => {
    const abort = new AbortController();
    controller.current = abort;
    let now: Result = { text: '', citations: [], credits: null, state: 'writing', problem: null };
    let frame = 0;
    const draw = () => { frame = 0; setResult(now); };
    draw();
    try {
      for await (const delta of answerOf(subscriptionId, { message: prompt, files: [] }, null, abort.signal, onConversation)) {
        if (delta.type === 'text') now = { ...now, text: now.text + delta.text };
        if (delta.type === 'citations') now = { ...now, citations: delta.citations };
        if (delta.type === 'cost') now = { ...now, credits: delta.credits };
        if (frame === 0) frame = requestAnimationFrame(draw);
      }
      now = { ...now, state: 'done' };
      onMade?.();
    } catch (error) {
      now = isAbort(error) || abort.signal.aborted ? { ...now, state: 'stopped' } : { ...now, state: 'failed', problem: asProblem(error) };
    }
    cancelAnimationFrame(frame);
    if (controller.current === abort) draw();
  };
  return { result, write, stop: () => { controller.current?.abort(); } };
};
