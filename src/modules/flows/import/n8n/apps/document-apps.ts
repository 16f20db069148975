import { isRecord, readText } from '../../plain.ts';
import type { StepBuilder } from '../step-builder.ts';
import { columns, idIn, limited, listed, listIn, namedValues, op, rowsAt, wholeItem } from './app-mapping.ts';
import type { App } from './app-mapping.ts';
import { blocksOf, notionProperties } from './notion-properties.ts';

const spreadsheetId = idIn('documentId', /\/d\/([\w-]+)/);
/** Sheets are picked by number in the editor; the connector wants their name, which the file keeps beside it. */
const sheetName = (step: StepBuilder): string => {
  const picked = isRecord(step.node.parameters['sheetName']) ? readText(step.node.parameters['sheetName'], 'cachedResultName') : null;
  if (picked !== null && picked !== '') return picked;
  const name = step.text('sheetName') || (step.text('range').split('!')[0] ?? '');
  return name === '' || /^(?:gid=)?\d+$/.test(name) ? 'Sheet1' : name;
};
const oldSheet = idIn('sheetId', /\/d\/([\w-]+)/);
const anySheet = (step: StepBuilder): unknown => (step.raw('documentId') === undefined && typeof oldSheet === 'function' ? oldSheet(step) : typeof spreadsheetId === 'function' ? spreadsheetId(step) : undefined);
const sheetRow = (step: StepBuilder): unknown => (step.raw('columns') === undefined && rowsAt(step, 'fieldsUi.fieldValues').length > 0 ? namedFields(step) : typeof columns === 'function' ? columns(step) : wholeItem);
const namedFields = (step: StepBuilder): unknown => Object.fromEntries(rowsAt(step, 'fieldsUi.fieldValues').map((row) => [readText(row, 'fieldId') ?? readText(row, 'column') ?? '', step.value(row['fieldValue'])]));

const fileId = idIn('fileId', /\/d\/([\w-]+)/);
const folderId = idIn('folderId', /\/folders\/([\w-]+)/);
const calendar = (step: StepBuilder): string => step.text('calendar', 'primary');

const base = { baseId: idIn('base', /(app\w{8,})/), tableId: (step: StepBuilder) => { const found = step.fixed('table'); return /(tbl\w{8,})/.exec(found)?.[1] ?? step.text('table'); } };
const airtableBase = (step: StepBuilder): string => { const fixed = step.fixed('base') || step.fixed('application'); return /(app\w{8,})/.exec(fixed)?.[1] ?? (step.text('base') || step.text('application')); };
const place = { baseId: airtableBase, tableId: base.tableId };
const record = (step: StepBuilder): unknown => {
  if (step.raw('columns') === undefined) return '{{ item.fields ?? item }}';
  const found = typeof columns === 'function' ? columns(step) : wholeItem;
  return isRecord(found) ? Object.fromEntries(Object.entries(found).filter(([name]) => name !== 'id')) : found;
};
/** From version 2 on records are flat. */
const flat = (one: string): string => `{id: ${one}.id, createdTime: ${one}.createdTime, ...(${one}.fields ?? {})}`;
const RECORDS = { items: `(item.records ?? []).map(r => (${flat('r')}))` };
const RECORD = { items: `[${flat('item')}]` };
const recordId = (step: StepBuilder): string => step.text('id') || step.text('columns.value.id') || '{{ item.id }}';

const EVENT_ANSWER = 'Reminders, conference links and repetition are left out.';

const CHANGES = { remark: 'All rows are read once to find the one to change.', echo: 'given' };
/** Id of the step that reads the rows before one of them is changed; see `beforeApp`. */
const rowsOf = (step: StepBuilder): string => `(steps[${JSON.stringify(`${step.node.id}:rows`)}]?.items ?? [])`;

/** The row with the same value in the matching column gets the new values; its others stay. A new one goes below the last. */
function sheetChange(add: boolean): Readonly<Record<string, (step: StepBuilder) => unknown>> {
  const found = (step: StepBuilder): string => {
    const columnsToMatch = step.raw('columns.matchingColumns');
    const [named] = Array.isArray(columnsToMatch) ? columnsToMatch : [];
    const key = typeof named === 'string' ? named : step.fixed('columnToMatchOn') || step.fixed('lookupColumn') || step.fixed('key') || 'row_number';
    const values = step.raw('columns.value');
    const wanted = isRecord(values) && step.fixed('columns.mappingMode') !== 'autoMapInputData' ? step.expression(values[key] ?? '') : `item[${JSON.stringify(key)}]`;
    return `${rowsOf(step)}.find(r => String(r[${JSON.stringify(key)}]) == String(${wanted}))`;
  };
  const changed = (step: StepBuilder): string => {
    const values = step.raw('columns.value');
    if (!isRecord(values) || step.fixed('columns.mappingMode') === 'autoMapInputData') return 'item';
    return `{${Object.entries(values).map(([name, value]) => `${JSON.stringify(name)}: ${step.expression(value)}`).join(', ')}}`;
  };
  return {
    spreadsheetId: anySheet,
    given: (step) => sheetRow(step),
    range: (step) => `${sheetName(step)}!A{{ ${found(step)}?.row_number ?? ${add ? `(${rowsOf(step)}.length + 2)` : '""'} }}`,
    values: (step) => `{{ [(${rowsOf(step)}[0] ?? {}).keys().filter(k => k != "row_number").map(k => (${changed(step)})[k] ?? (${found(step)} ?? {})[k] ?? "")] }}`,
  };
}

/** Steps that have to read something before their app is called: which action, with which input. */
export function readBefore(step: StepBuilder, action: string): { action: string; suffix: string; input: Record<string, unknown> } | null {
  return step.node.kind === 'base.googleSheets' && action === 'update-values' ? { action: 'read-rows', suffix: 'rows', input: { spreadsheetId: anySheet(step), range: sheetName(step) } } : null;
}

export const documentApps: Readonly<Record<string, App>> = {
  'base.googleSheets': {
    connector: 'google-sheets', title: 'Google Sheets', usual: { '': 'sheet', sheet: 'read', spreadsheet: 'create' },
    operations: {
      'sheet:read': op('read-rows', { spreadsheetId: anySheet, range: sheetName }, { exact: true }), 'sheet:lookup': op('read-rows', { spreadsheetId: anySheet, range: sheetName }, { remark: 'All rows are read; the row is not looked for.' }),
      'sheet:append': op('append-row', { spreadsheetId: anySheet, sheet: sheetName, row: sheetRow }, { exact: true, echo: 'row' }), 'sheet:update': op('update-values', sheetChange(false), CHANGES), 'sheet:appendOrUpdate': op('update-values', sheetChange(true), CHANGES), 'sheet:upsert': op('update-values', sheetChange(true), CHANGES), 'sheet:clear': op('clear', { spreadsheetId: anySheet, range: sheetName }), 'spreadsheet:create': op('create', { title: 'title' }),
    },
  },
  'base.googleDrive': {
    connector: 'google-drive', title: 'Google Drive', usual: { '': 'file', file: 'upload', fileFolder: 'search', folder: 'create', drive: 'list' },
    operations: {
      'file:download': op('download', { fileId }, { remark: 'Texts arrive as text, other files in Base64, in the field data.', items: '[{data: item}]' }), 'file:createFromText': op('create-text-file', { name: 'name', content: 'content', folderId }),
      'file:upload': op('create-text-file', { name: (step) => step.text('name', '{{ item.fileName ?? item.name ?? "file" }}'), content: () => '{{ item.data ?? item.text ?? item.content ?? item }}', folderId }, { remark: 'What the item holds is written as a text file; pictures and other files cannot be uploaded.' }),
      'file:copy': op('copy', { fileId, name: 'name', folderId }), 'file:deleteFile': op('delete', { fileId }), 'file:delete': op('delete', { fileId }), 'file:move': op('update', { fileId, addParents: folderId }), 'file:update': op('update', { fileId, name: 'newUpdatedFileName' }),
      'file:share': op('share', { fileId, role: 'permissionsUi.permissionsValues.role', type: 'permissionsUi.permissionsValues.type', emailAddress: 'permissionsUi.permissionsValues.emailAddress' }),
      'folder:share': op('share', { fileId: 'folderNoRootId', role: 'permissionsUi.permissionsValues.role', type: 'permissionsUi.permissionsValues.type', emailAddress: 'permissionsUi.permissionsValues.emailAddress' }),
      'fileFolder:search': op('search', { name: (step) => (step.fixed('searchMethod') === 'query' ? '' : step.text('queryString')), q: (step) => (step.fixed('searchMethod') === 'query' ? step.text('queryString') : ''), folderId: 'filter.folderId', pageSize: limited(1000) }),
      'file:list': op('search', { pageSize: limited(1000) }), 'folder:create': op('create-folder', { name: 'name', folderId: 'folderId' }), 'folder:deleteFolder': op('delete', { fileId: 'folderNoRootId' }),
    },
  },
  'base.googleCalendar': {
    connector: 'google-calendar', title: 'Google Calendar', usual: { '': 'event', event: 'create', calendar: 'availability' },
    operations: {
      'event:create': op('create-event', { calendarId: calendar, summary: (step) => step.text('additionalFields.summary', 'New event'), start: 'start', end: 'end', description: 'additionalFields.description', location: 'additionalFields.location', attendees: listed('additionalFields.attendees'), timeZone: 'additionalFields.timeZone' }, { remark: EVENT_ANSWER }),
      'event:get': op('get-event', { calendarId: calendar, eventId: 'eventId' }), 'event:getAll': op('list-events', { calendarId: calendar, timeMin: 'timeMin|options.timeMin', timeMax: 'timeMax|options.timeMax', q: 'options.query', maxResults: limited(2500) }),
      'event:update': op('update-event', { calendarId: calendar, eventId: 'eventId', summary: 'updateFields.summary', start: 'updateFields.start', end: 'updateFields.end', description: 'updateFields.description', location: 'updateFields.location' }, { remark: EVENT_ANSWER }),
      'event:delete': op('delete-event', { calendarId: calendar, eventId: 'eventId' }), 'calendar:availability': op('free-busy', { timeMin: 'timeMin', timeMax: 'timeMax', calendars: (step) => [calendar(step)] }),
    },
  },
  'base.notion': {
    connector: 'notion', title: 'Notion', usual: { '': 'page', page: 'create', databasePage: 'create', database: 'get', block: 'append', user: 'getAll' },
    operations: {
      'page:create': op('create-page', { parent_page_id: 'pageId', title: 'title', children: blocksOf }), 'page:search': op('search', { query: 'text', page_size: limited(100) }, listIn('results')), 'page:archive': op('update-page', { page_id: 'pageId', archived: () => true }), 'page:get': op('get-page', { page_id: 'pageId' }),
      'databasePage:create': op('create-page', { database_id: 'databaseId', title: 'title', properties: notionProperties, children: blocksOf }), 'databasePage:get': op('get-page', { page_id: 'pageId' }),
      'databasePage:getAll': op('query-database', { database_id: 'databaseId', filter: (step) => (step.fixed('filterType') === 'json' ? step.json(step.raw('filterJson')) : undefined), page_size: limited(100) }, { remark: 'Entries come as Notion’s API gives them; filters other than JSON are left out.', ...listIn('results') }),
      'databasePage:update': op('update-page', { page_id: 'pageId', properties: notionProperties }), 'database:get': op('get-database', { database_id: 'databaseId' }), 'database:search': op('search', { query: 'text', object: () => 'database', page_size: limited(100) }, listIn('results')), 'database:getAll': op('search', { object: () => 'database', page_size: limited(100) }, listIn('results')),
      'block:append': op('append-blocks', { block_id: 'blockId', children: blocksOf }), 'block:getAll': op('get-blocks', { block_id: 'blockId', page_size: limited(100) }, listIn('blocks')), 'user:getAll': op('list-users', { page_size: limited(100) }, listIn('results')),
    },
  },
  'base.airtable': {
    connector: 'airtable', title: 'Airtable', usual: { '': 'record', record: 'get', base: 'getMany' },
    operations: {
      'record:get': op('get-record', { ...place, recordId }, RECORD), 'record:read': op('get-record', { ...place, recordId }), 'record:create': op('create-record', { ...place, fields: record }), 'record:append': op('create-record', { ...place, fields: record }),
      'record:update': op('update-record', { ...place, recordId, fields: record }), 'record:upsert': op('upsert-records', { ...place, records: (step) => [{ fields: record(step) }], fieldsToMergeOn: listed('columns.matchingColumns') }), 'record:deleteRecord': op('delete-record', { ...place, recordId }), 'record:delete': op('delete-record', { ...place, recordId }),
      'record:search': op('list-records', { ...place, filterByFormula: 'filterByFormula', maxRecords: limited(10_000), fields: listed('options.fields'), view: 'options.view' }, RECORDS), 'record:list': op('list-records', { ...place, filterByFormula: 'additionalOptions.filterByFormula', maxRecords: limited(10_000) }, listIn('records')),
      'base:getMany': op('list-bases'), 'base:getSchema': op('list-tables', { baseId: airtableBase }),
    },
  },
  'base.supabase': {
    connector: 'supabase', title: 'Supabase', usual: { '': 'row', row: 'create' },
    operations: {
      'row:create': op('insert', { table: 'tableId', rows: (step) => [step.fixed('dataToSend') === 'autoMapInputData' ? wholeItem : values(step)] }), 'row:getAll': op('select', { table: 'tableId', filters: filters, limit: limited(10_000) }), 'row:get': op('select', { table: 'tableId', filters: filters, limit: () => 1 }),
      'row:update': op('update', { table: 'tableId', filters: filters, values: (step) => (step.fixed('dataToSend') === 'autoMapInputData' ? wholeItem : values(step)) }), 'row:delete': op('delete', { table: 'tableId', filters: filters }),
    },
  },
  'base.elasticsearch': {
    connector: 'elasticsearch', title: 'Elasticsearch', usual: { '': 'document', document: 'get', index: 'getAll' },
    operations: {
      'document:get': op('get', { index: 'indexId', id: 'documentId' }), 'document:getAll': op('search', { index: 'indexId', query: (step) => step.json(step.raw('options.query')), size: limited(10_000) }),
      'document:create': op('index', { index: 'indexId', id: 'additionalFields.documentId', document: (step) => (rowsAt(step, 'fieldsUi.fieldValues').length > 0 ? values(step) : wholeItem) }), 'document:update': op('index', { index: 'indexId', id: 'documentId', document: (step) => (rowsAt(step, 'fieldsUi.fieldValues').length > 0 ? values(step) : wholeItem) }, { remark: 'The document is replaced as a whole.' }),
    },
  },
  'base.awsS3': {
    connector: 's3', title: 'Amazon S3', usual: { '': 'file', file: 'download', bucket: 'getAll', folder: 'getAll' },
    operations: {
      'file:download': op('get', { key: 'fileKey' }, { remark: 'The bucket is the one of the connection; texts arrive as text, other files in Base64.' }), 'file:getAll': op('list', { prefix: 'options.folderKey', limit: limited(1000) }, { remark: 'The bucket is the one of the connection.' }), 'file:delete': op('delete', { key: 'fileKey' }, { remark: 'The bucket is the one of the connection.' }),
      'file:upload': op('put', { key: 'fileName', content: (step) => step.text('fileContent', '{{ item.data ?? item.text ?? item }}') }, { remark: 'The bucket is the one of the connection; what the item holds is stored.' }),
    },
  },
};

function values(step: StepBuilder): unknown {
  const spec = namedValues('fieldsUi.fieldValues', 'fieldId', 'fieldValue');
  return typeof spec === 'function' ? spec(step) ?? {} : {};
}

const CONDITIONS: ReadonlyMap<string, string> = new Map([['eq', 'eq'], ['neq', 'neq'], ['gt', 'gt'], ['gte', 'gte'], ['lt', 'lt'], ['lte', 'lte'], ['like', 'like'], ['ilike', 'ilike'], ['is', 'is']]);

function filters(step: StepBuilder): unknown {
  const rows = rowsAt(step, 'filters.conditions');
  if (rows.length === 0) return undefined;
  return Object.fromEntries(rows.map((row) => [readText(row, 'keyName') ?? '', `${CONDITIONS.get(readText(row, 'condition') ?? 'eq') ?? 'eq'}.${step.template(row['keyValue'])}`]));
}
