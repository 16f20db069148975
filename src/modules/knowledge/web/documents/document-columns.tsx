import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { IconCircleX, IconDots, IconExternalLink, IconEye, IconRefresh, IconTrash } from '@tabler/icons-react';
import { formatBytes, formatNumber } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import type { Column } from '#web/kit/table/column.ts';
import type { KnowledgeDocument } from '#modules/knowledge/contract.ts';
import type { Source } from '#modules/knowledge/sources/contract.ts';
import { titleOf } from '../sources/source-words.ts';
import { inWork } from '../use-watched.ts';
import { SOURCE_LOOKS } from '../words.ts';
import { DocumentProgress } from './document-state.tsx';
import classes from './documents.module.css';

export interface DocumentActions {
  onReindex: (rows: readonly KnowledgeDocument[]) => void;
  onCancel: (row: KnowledgeDocument) => void;
  onDelete: (rows: readonly KnowledgeDocument[]) => void;
  onPreview: (row: KnowledgeDocument) => void;
}

/** Only addresses of the web are opened, whatever a source wrote there. */
export const isOpenable = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url);

/** The columns of the table of documents. */
export const documentColumns = (actions: DocumentActions, sources: readonly Source[]): readonly Column<KnowledgeDocument>[] => {
  const sourceName = (row: KnowledgeDocument): string => { const source = sources.find(({ id }) => id === row.source_id); return source === undefined ? SOURCE_LOOKS[row.source].title : titleOf(source); };
  return [
    { key: 'title', title: 'Document', primary: true, sort: 'title', value: (row) => row.file_name ?? row.title, render: (row) => <Name row={row} /> },
    { key: 'state', title: 'State', width: '16rem', value: (row) => row.state, render: (row) => <Standing row={row} onReindex={actions.onReindex} /> },
    { key: 'source', title: 'Source', hidden: true, value: sourceName, render: (row) => <Text size="sm" lineClamp={1} dir="auto" maw="11rem">{sourceName(row)}</Text> },
    { key: 'chunks', title: 'Pieces', align: 'end', sort: 'chunks', phone: false, value: (row) => row.chunks, render: (row) => (row.chunks === 0 ? '–' : formatNumber(row.chunks)) },
    { key: 'bytes', title: 'Size', align: 'end', sort: 'bytes', phone: false, value: (row) => row.bytes, render: (row) => <span className={classes.nowrap}>{formatBytes(row.bytes)}</span> },
    { key: 'pages', title: 'Pages', align: 'end', hidden: true, value: (row) => row.pages, render: (row) => row.pages ?? '–' },
    { key: 'language', title: 'Language', hidden: true, value: (row) => row.language, render: (row) => row.language ?? '–' },
    { key: 'author', title: 'Author', hidden: true, value: (row) => row.author, render: (row) => row.author ?? '–' },
    { key: 'category', title: 'Category', hidden: true, value: (row) => row.category, render: (row) => row.category ?? '–' },
    { key: 'authored', title: 'Written', hidden: true, value: (row) => row.authored_at, render: (row) => <RelativeTime value={row.authored_at} /> },
    { key: 'created', title: 'Added', sort: 'created_at', value: (row) => row.created_at, render: (row) => <span className={classes.nowrap}><RelativeTime value={row.created_at} /></span> },
    { key: 'actions', title: '', align: 'end', width: '3rem', menu: true, render: (row) => <RowMenu row={row} {...actions} /> },
  ];
};

const Name = ({ row }: { row: KnowledgeDocument }) => {
  const Icon = SOURCE_LOOKS[row.source].icon;
  const second = row.source === 'upload' ? row.file_name : row.url ?? row.external_id ?? row.file_name;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Icon size={16} className={classes.kind} aria-label={SOURCE_LOOKS[row.source].title} role="img" />
      <div className={classes.name}>
        <Text fw={500} lineClamp={1} dir="auto" title={row.title}>{row.title}</Text>
        {second !== null && second !== row.title && <Text size="xs" c="dimmed" lineClamp={1} dir="auto" title={second}>{second}</Text>}
      </div>
    </Group>
  );
};

const Standing = ({ row, onReindex }: { row: KnowledgeDocument } & Pick<DocumentActions, 'onReindex'>) => (
  <div className={classes.standing}>
    <DocumentProgress row={row} />
    {row.state === 'failed' && <Button flex="none" size="compact-xs" variant="default" onClick={() => { onReindex([row]); }}>Try again</Button>}
  </div>
);

const RowMenu = ({ row, onReindex, onCancel, onDelete, onPreview }: { row: KnowledgeDocument } & DocumentActions) => (
  <Menu position="bottom-end">
    <Menu.Target><ActionIcon aria-label={`Actions for ${row.title}`}><IconDots size={18} /></ActionIcon></Menu.Target>
    <Menu.Dropdown>
      <Menu.Item leftSection={<IconEye size={16} />} onClick={() => { onPreview(row); }}>Preview</Menu.Item>
      {isOpenable(row.url) && <Menu.Item leftSection={<IconExternalLink size={16} />} component="a" href={row.url} target="_blank" rel="noopener noreferrer">Open the original</Menu.Item>}
      {inWork(row)
        ? <Menu.Item leftSection={<IconCircleX size={16} />} onClick={() => { onCancel(row); }}>Cancel</Menu.Item>
        : <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => { onReindex([row]); }}>{row.state === 'failed' ? 'Try again' : 'Index again'}</Menu.Item>}
      <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => { onDelete([row]); }}>Delete</Menu.Item>
    </Menu.Dropdown>
  </Menu>
);
