import { Alert, Badge, Button, Code, Group, Select, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconFileImport, IconTemplate } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { FLOW_TEMPLATES } from '#modules/flows/template-contract.ts';
import { asProblem, isAbort, type ApiProblem } from '#web/api/problem.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { uploadEndpoint } from '#web/api/upload.ts';
import { FileDrop } from '#web/kit/file-drop.tsx';
import { formatBytes } from '#web/kit/format.ts';
import { ProgressRow } from '#web/kit/progress-row.tsx';
import type { DraftView } from './draft-saver.ts';
import { flowNames } from './flow-names.ts';
import { importFile, importTemplate } from './import-endpoints.ts';
import classes from './import.module.css';

const BYTES_MAX = 20 * 1024 * 1024;

type Work =
  | { state: 'idle' }
  | { state: 'choose'; file: File; names: readonly string[] }
  | { state: 'sending'; name: string; bytes: number; share: number }
  | { state: 'failed'; name: string; problem: ApiProblem; again: () => void };

/**
 * Bringing a flow in: a file, or a template. `onDone` gets the draft with the flow and its report. `before` sends what is
 * not saved yet: an answer to it that came after the import would put the draft without the flow back on screen.
 */
export const ImportPanel = ({ productId, before, onDone }: { productId: string; before: () => Promise<void>; onDone: (view: DraftView) => void }) => {
  const [work, setWork] = useState<Work>({ state: 'idle' });
  const abort = useRef<AbortController | null>(null);

  const run = async (name: string, bytes: number, call: (signal: AbortSignal) => Promise<DraftView>, again: () => void) => {
    abort.current = new AbortController();
    setWork({ state: 'sending', name, bytes, share: 0 });
    try {
      await before();
      onDone(await call(abort.current.signal));
      setWork({ state: 'idle' });
    } catch (error) {
      setWork(isAbort(error) ? { state: 'idle' } : { state: 'failed', name, problem: asProblem(error), again });
    }
  };
  const send = (file: File, pick?: number) => {
    void run(file.name, file.size, async (signal) => uploadEndpoint(importFile, { params: { productId }, body: { file, pick } }, {
      signal, onProgress: (share) => { setWork((current) => (current.state === 'sending' ? { ...current, share } : current)); },
    }), () => { send(file, pick); });
  };
  const take = async (file: File) => {
    const names = file.size > BYTES_MAX ? [] : flowNames(await file.text());
    if (names.length > 0) setWork({ state: 'choose', file, names });
    else send(file);
  };
  const start = (key: string, title: string) => {
    void run(title, 0, async (signal) => callEndpoint(importTemplate, { params: { productId }, body: { template: key } }, { signal }), () => { start(key, title); });
  };
  const busy = work.state === 'sending';

  return (
    <div className={classes.panel}>
      <section className={classes.side} aria-labelledby="import-file">
        <Group gap="xs"><IconFileImport size={18} aria-hidden /><Title order={3} id="import-file">Import from Studio</Title></Group>
        <Text c="dimmed">A flow exported from Langflow as JSON. You see what becomes of every step before anything is published; keys found in the file are removed.</Text>
        <FileDrop accept={['.json']} bytesMax={BYTES_MAX} disabled={busy} label="Drop the exported file here or choose it" onFiles={([file]) => { if (file !== undefined) void take(file); }} />
        {work.state === 'choose' && <ChooseFlow names={work.names} onChoose={(pick) => { send(work.file, pick); }} onCancel={() => { setWork({ state: 'idle' }); }} />}
        {work.state === 'sending' && (
          <ProgressRow
            title={work.name} state="running" stage={work.bytes === 0 ? 'Preparing the template' : work.share < 1 ? `Uploading ${formatBytes(work.bytes)}` : 'Reading the flow'}
            {...(work.bytes > 0 && work.share < 1 ? { done: Math.round(work.share * 100), total: 100 } : {})} onCancel={() => { abort.current?.abort(); }}
          />
        )}
        {work.state === 'failed' && <ImportFailed name={work.name} problem={work.problem} onAgain={work.again} />}
      </section>
      <section className={classes.side} aria-labelledby="import-template">
        <Group gap="xs"><IconTemplate size={18} aria-hidden /><Title order={3} id="import-template">Start with a template</Title></Group>
        <Text c="dimmed">Complete flows that run at once. Buyers fill in their name, voice and documents.</Text>
        <Stack gap="xs">
          {FLOW_TEMPLATES.map(({ key, title, description }) => (
            <UnstyledButton key={key} className={classes.template} disabled={busy} onClick={() => { start(key, title); }}>
              <span><Text fw={500}>{title}</Text><Text c="dimmed" size="xs">{description}</Text></span>
              <Badge color="gray">Use</Badge>
            </UnstyledButton>
          ))}
        </Stack>
      </section>
    </div>
  );
};

const ChooseFlow = ({ names, onChoose, onCancel }: { names: readonly string[]; onChoose: (index: number) => void; onCancel: () => void }) => {
  const [index, setIndex] = useState('0');
  return (
    <Stack gap="xs">
      <Select
        label={`This file holds ${names.length} flows. Which one is your product?`} data={names.map((name, at) => ({ value: String(at), label: name }))} value={index} allowDeselect={false}
        searchable={names.length > 8} onChange={(value) => { setIndex(value ?? '0'); }}
      />
      <Group gap="xs"><Button size="xs" onClick={() => { onChoose(Number(index)); }}>Import this flow</Button><Button size="xs" variant="default" onClick={onCancel}>Cancel</Button></Group>
    </Stack>
  );
};

/** What is wrong with a file, and where in it. What was there before stays. */
const ImportFailed = ({ name, problem, onAgain }: { name: string; problem: ApiProblem; onAgain: () => void }) => {
  const where = problem.errors.find(({ path }) => path !== '' && path !== 'file')?.path;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={`${name} was not imported`} role="alert" className={classes.failed}>
      <Stack gap="xs" align="flex-start">
        <Text>{problem.detail === '' ? problem.title : problem.detail}</Text>
        {where !== undefined && <Text size="xs">Where: <Code>{where}</Code></Text>}
        {problem.status === 0 || problem.status >= 500
          ? <Button size="xs" variant="default" onClick={onAgain}>Try again</Button>
          : <Text size="xs" c="dimmed">Your draft is as it was. Choose another file, or export this one again.</Text>}
        {problem.requestId !== null && <Text size="xs" c="dimmed">Request id <Code>{problem.requestId}</Code></Text>}
      </Stack>
    </Alert>
  );
};
