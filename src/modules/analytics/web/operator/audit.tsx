import { Code, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { Output } from '#platform/contract/endpoint.ts';
import { reviewEndpoints } from '#modules/catalog/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CodeBlock } from '#web/kit/code-block.tsx';
import { CopyId } from '#web/kit/copy-field.tsx';
import { formatExact } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import type { Column } from '#web/kit/table/column.ts';
import { analyticsEndpoints } from '../../contract.ts';
import facts from '../seller/facts.module.css';

type Entry = Output<typeof analyticsEndpoints.auditTrail>['data'][number];

/** Calls are recorded by method and path; their contracts say what they are. */
const CALLS: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.values(reviewEndpoints), ...Object.values(analyticsEndpoints)].map(({ method, path, summary }) => [`${method} ${path}`, summary]),
);

/** `approve a version` begins like a sentence. */
const sentence = (action: string): string => CALLS[action] ?? action.charAt(0).toUpperCase() + action.slice(1);
const subjectWords = ({ subject }: Entry): string => Object.entries(subject).map(([name, value]) => `${name.replaceAll(/([A-Z])/g, ' $1').toLowerCase()} ${value}`).join(', ');

const COLUMNS: readonly Column<Entry>[] = [
  { key: 'action', title: 'What', primary: true, value: ({ action }) => sentence(action), render: ({ action }) => sentence(action) },
  { key: 'actor', title: 'Who', value: ({ actor }) => actor, render: ({ actor }) => actor },
  { key: 'subject', title: 'On what', value: subjectWords, render: (entry) => <Text truncate maw={280} c="dimmed">{subjectWords(entry) || 'The installation'}</Text> },
  { key: 'at', title: 'When', value: ({ at }) => at, render: ({ at }) => <RelativeTime value={at} /> },
  { key: 'request', title: 'Request', hidden: true, value: ({ request_id }) => request_id, render: ({ request_id: id }) => <CopyId value={id} /> },
];

/** What operators did, newest first; nothing in it can be changed. */
export const OperatorAudit = () => {
  const state = useTableState();
  const entries = useEndpoint(analyticsEndpoints.auditTrail, { query: { cursor: state.query.cursor, limit: 50 } }, { keepPrevious: true });
  return (
    <Page title="Audit trail" description="Every time somebody acted as an operator. Kept as it happened.">
      <DataTable
        label="Audit trail" query={entries} state={state} columns={COLUMNS} rowKey={({ id }) => id} peekTitle={({ action }) => sentence(action)} peek={(entry) => <Detail entry={entry} />}
        empty={<EmptyState icon={<IconHistory size={32} stroke={1.5} />} title="Nothing yet">Approvals, rejections and every look across organizations are recorded here.</EmptyState>}
      />
    </Page>
  );
};

const Detail = ({ entry }: { entry: Entry }) => (
  <Stack gap="md">
    <dl className={facts.facts}>
      <div><dt>Who</dt><dd>{entry.actor}</dd></div>
      <div><dt>When</dt><dd>{formatExact(new Date(entry.at))}</dd></div>
      {Object.entries(entry.subject).map(([name, value]) => <div key={name}><dt>{name}</dt><dd><Code>{value}</Code></dd></div>)}
      <div><dt>Recorded as</dt><dd><Code>{entry.action}</Code></dd></div>
      <div><dt>Request id</dt><dd><Code>{entry.request_id}</Code></dd></div>
    </dl>
    {Object.keys(entry.details).length > 0 && <CodeBlock label="Details" code={JSON.stringify(entry.details, null, 2)} />}
  </Stack>
);
