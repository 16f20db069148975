import { Alert, Button, Code, Group, SegmentedControl, Select, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconAlertTriangle, IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import type { ApiProblem } from '#web/api/problem.ts';
import { FileDrop } from '#web/kit/file-drop.tsx';
import { formatBytes } from '#web/kit/format.ts';
import { ProgressRow } from '#web/kit/progress-row.tsx';
import { McpServer } from './mcp-server.tsx';
import { TemplateGallery } from './template-gallery.tsx';
import { IMPORT_BYTES_MAX, type FlowImporting, type ImportWork } from './use-import.ts';
import classes from './import.module.css';

/** Bringing a flow in: a file, a text, or a template. */
export const ImportPanel = ({ productId, importing }: { productId: string; importing: FlowImporting }) => {
  const { work, take, send, start, cancel } = importing;
  const [way, setWay] = useState('file');
  const busy = work.state === 'sending';
  return (
    <div className={classes.panel}>
      <section className={classes.side} aria-labelledby="import-file">
        <Group justify="space-between" gap="xs">
          <Group gap="xs"><IconFileImport size={18} aria-hidden /><Title order={3} id="import-file">Import</Title></Group>
          <SegmentedControl size="xs" aria-label="Import from" data={[{ value: 'file', label: 'A file' }, { value: 'text', label: 'Pasted text' }, { value: 'mcp', label: 'MCP server' }]} value={way} onChange={setWay} />
        </Group>
        <Text c="dimmed">
          An export of Langflow, n8n, Flowise or Dify, an OpenAPI document, or the tools of an MCP server, as JSON or YAML. You see what becomes of every step before anything is published; keys found in it are removed,
          and nothing in it is run.
        </Text>
        {way === 'mcp' && <McpServer busy={busy} productId={productId} onTake={(file) => { void take(file); }} />}
        {way === 'text' && <PastedText busy={busy} onTake={(file) => { void take(file); }} />}
        {way === 'file' && <FileDrop accept={['.json', '.yaml', '.yml']} bytesMax={IMPORT_BYTES_MAX} disabled={busy} label="Drop the exported file here or choose it" onFiles={([file]) => { if (file !== undefined) void take(file); }} />}
        {work.state === 'choose' && <ChooseFlow names={work.names} onChoose={(pick) => { send(work.file, pick); }} onCancel={cancel} />}
        <ImportProgress work={work} onCancel={cancel} />
      </section>
      <TemplateGallery busy={busy} onStart={start} />
    </div>
  );
};

/** How far an import is, or why it failed. */
export const ImportProgress = ({ work, onCancel }: { work: ImportWork; onCancel: () => void }) => (
  <>
    {work.state === 'sending' && (
      <ProgressRow
        title={work.name} state="running" stage={work.bytes > 0 && work.share < 1 ? `Uploading ${formatBytes(work.bytes)}` : 'Reading the flow'}
        {...(work.bytes > 0 && work.share < 1 ? { done: Math.round(work.share * 100), total: 100 } : {})} onCancel={onCancel}
      />
    )}
    {work.state === 'failed' && <ImportFailed name={work.name} problem={work.problem} onAgain={work.again} />}
  </>
);

/** A name for what has none: its ending says how to read it. */
const fileOf = (text: string): File => new File([text], /^\s*[[{]/.test(text) ? 'pasted.json' : 'pasted.yaml', { type: 'text/plain' });

const PastedText = ({ busy, onTake }: { busy: boolean; onTake: (file: File) => void }) => {
  const [text, setText] = useState('');
  const large = text.length > IMPORT_BYTES_MAX;
  return (
    <Stack gap="xs">
      <Textarea
        aria-label="The exported text" placeholder="Paste the exported JSON or YAML" autosize minRows={6} maxRows={14} spellCheck={false} className={classes.pasted} value={text} error={large ? `At most ${formatBytes(IMPORT_BYTES_MAX)}` : undefined}
        onChange={(event) => { setText(event.currentTarget.value); }}
      />
      <Group justify="flex-end"><Button size="xs" disabled={busy || large || text.trim() === ''} onClick={() => { onTake(fileOf(text)); }}>Import</Button></Group>
    </Stack>
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
