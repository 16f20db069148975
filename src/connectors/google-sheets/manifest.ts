import { choice, defineConnector, get, itemsAt, line, list, oauth2, OutsideError, path, post, put, read, runs, table, type HttpCall, words, write } from '#modules/connections/kit.ts';

const spreadsheetId = line('Spreadsheet', 'Its id, from the address.');
const range = line('Range', 'For example Sheet1!A1:D100, or the name of a sheet.');
const valueInputOption = choice('Values', ['USER_ENTERED', 'RAW'], 'As if typed, or exactly as they are.').default('USER_ENTERED');
const values = list('Rows', 'A list of lists.');
const valuesAt = (id: string, where: string) => path`/v4/spreadsheets/${id}/values/${where}`;
const appendCall = (id: string, where: string, rows: unknown, option: string): HttpCall => post(`${valuesAt(id, where)}:append`, { values: rows }, { valueInputOption: option, insertDataOption: 'INSERT_ROWS' });

export const googleSheets = defineConnector({
  id: 'google-sheets', title: 'Google Sheets', description: 'Rows and cells of spreadsheets.', category: 'documents',
  auth: oauth2({ url: 'https://oauth2.googleapis.com/token' }), baseUrl: 'https://sheets.googleapis.com',
  actions: [
    read(['read-rows', 'Read rows', 'The rows of a sheet as objects; the first row names the fields.'], { spreadsheetId, range }, (input) => get(valuesAt(input.spreadsheetId, input.range)), (body) => asObjects(itemsAt(body, 'values'))),
    read(['read-range', 'Read cells', 'The cells of a range as lists.'], { spreadsheetId, range }, (input) => get(valuesAt(input.spreadsheetId, input.range)), (body) => itemsAt(body, 'values')),
    runs('write', ['append-row', 'Add a row', 'Adds a row below the others; its fields go under the headings of the same name.'], { spreadsheetId, sheet: line('Sheet').default('Sheet1'), row: table('Row', 'Values by heading.'), valueInputOption }, async ({ http }, input) => {
      const { body } = await http(get(valuesAt(input.spreadsheetId, `${input.sheet}!1:1`)));
      const headings = cells(itemsAt(body, 'values')[0]).map(String);
      const unknown = Object.keys(input.row).filter((name) => !headings.includes(name));
      if (unknown.length > 0) throw new OutsideError('input-invalid', `The sheet has no heading "${unknown[0]?.slice(0, 60)}" (there are: ${headings.join(', ').slice(0, 300)}).`);
      const row = new Map(Object.entries(input.row));
      return (await http(appendCall(input.spreadsheetId, input.sheet, [headings.map((name) => row.get(name) ?? '')], input.valueInputOption))).body;
    }),
    write(['append-values', 'Add rows', 'Adds rows of values below the others.'], { spreadsheetId, range, values, valueInputOption }, (input) => appendCall(input.spreadsheetId, input.range, input.values, input.valueInputOption)),
    write(['update-values', 'Change cells', 'Writes values into a range.'], { spreadsheetId, range, values, valueInputOption }, (input) => put(valuesAt(input.spreadsheetId, input.range), { values: input.values }, { valueInputOption: input.valueInputOption })),
    write(['clear', 'Empty cells', 'Empties a range.'], { spreadsheetId, range }, (input) => post(`${valuesAt(input.spreadsheetId, input.range)}:clear`)),
    write(['create', 'Make a spreadsheet', 'Makes a spreadsheet.'], { title: line('Title'), sheets: words('Sheets').default([]) }, ({ title, sheets }) => post('/v4/spreadsheets', { properties: { title }, sheets: sheets.map((name) => ({ properties: { title: name } })) })),
    read(['get', 'Spreadsheet', 'What sheets a spreadsheet has.'], { spreadsheetId }, (input) => get(path`/v4/spreadsheets/${input.spreadsheetId}`, { fields: 'properties.title,sheets.properties' })),
    write(['batch-update', 'Several changes', 'Changes after the batchUpdate method, e.g. deleting rows.'], { spreadsheetId, requests: list('Changes') }, (input) => post(`${path`/v4/spreadsheets/${input.spreadsheetId}`}:batchUpdate`, { requests: input.requests })),
  ],
});

const cells = (row: unknown): unknown[] => (Array.isArray(row) ? row : []);

function asObjects([first, ...rest]: unknown[]): object[] {
  const headings = cells(first).map((heading, index) => String(heading) || `column_${index + 1}`);
  return rest.map((row, index) => ({ row_number: index + 2, ...Object.fromEntries(headings.map((heading, column) => [heading, cells(row)[column] ?? ''])) }));
}
