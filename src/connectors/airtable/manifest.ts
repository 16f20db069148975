import { bearer, count, defineConnector, del, flag, get, itemsAt, line, list, patch, path, post, read, table, words, write } from '#modules/connections/kit.ts';

const place = { baseId: line('Base', 'Its id (app…).'), tableId: line('Table', 'Its id or name.') };
const recordId = line('Record', 'Its id (rec…).');
const fields = table('Fields', 'Values by name.');
const typecast = flag('Fit values to the fields').default(true);

export const airtable = defineConnector({
  id: 'airtable', title: 'Airtable', description: 'Records of bases.', category: 'documents',
  auth: bearer('Personal access token'), baseUrl: 'https://api.airtable.com/v0', probe: get('/meta/whoami'),
  actions: [
    read(['list-records', 'Records', 'The records of a table, filtered and sorted.'], { ...place, filterByFormula: line('Formula').optional(), view: line('View').optional(), maxRecords: count('Records', 1, 10_000).optional(), pageSize: count('At once', 1, 100).default(100), fields: words('Only these fields').optional(), sortField: line('Sort by').optional(), sortDescending: flag('Descending').default(false), offset: line('Continue at').optional() },
      ({ baseId, tableId, fields: only, sortField, sortDescending, ...query }) => get(path`/${baseId}/${tableId}`, {
        ...query, 'fields[]': only, ...(sortField ? { 'sort[0][field]': sortField, 'sort[0][direction]': sortDescending ? 'desc' : 'asc' } : {}),
      })),
    read(['get-record', 'Record', 'One record.'], { ...place, recordId }, (input) => get(path`/${input.baseId}/${input.tableId}/${input.recordId}`)),
    write(['create-record', 'Add a record', 'Adds a record.'], { ...place, fields, typecast }, ({ baseId, tableId, ...body }) => post(path`/${baseId}/${tableId}`, body)),
    write(['update-record', 'Change a record', 'Changes fields of a record.'], { ...place, recordId, fields, typecast }, ({ baseId, tableId, recordId: id, ...body }) => patch(path`/${baseId}/${tableId}/${id}`, body)),
    write(['upsert-records', 'Add or change records', 'Changes the records whose fields fit, adds the others; at most ten.'], { ...place, records: list('Records', 'A list of objects with fields.').max(10), fieldsToMergeOn: words('Compare by').min(1).max(3), typecast },
      ({ baseId, tableId, records, fieldsToMergeOn, typecast: fit }) => patch(path`/${baseId}/${tableId}`, { performUpsert: { fieldsToMergeOn }, records, typecast: fit })),
    write(['delete-record', 'Delete a record', 'Deletes a record.'], { ...place, recordId }, (input) => del(path`/${input.baseId}/${input.tableId}/${input.recordId}`)),
    read(['list-bases', 'Bases', 'The bases the token reaches.'], {}, () => get('/meta/bases'), (body) => itemsAt(body, 'bases')),
    read(['list-tables', 'Tables', 'The tables and fields of a base.'], { baseId: place.baseId }, ({ baseId }) => get(path`/meta/bases/${baseId}/tables`), (body) => itemsAt(body, 'tables')),
  ],
});
