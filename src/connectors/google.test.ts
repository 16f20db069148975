import { testCalls } from '#modules/connections/testing/call-cases.ts';
import { gmail } from './gmail/manifest.ts';
import { googleCalendar } from './google-calendar/manifest.ts';
import { googleDocs } from './google-docs/manifest.ts';
import { googleDrive } from './google-drive/manifest.ts';
import { googleSheets } from './google-sheets/manifest.ts';

const fields = { accessToken: 'ya29.token' };
const headers = { authorization: 'Bearer ya29.token' };
const raw = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n')).toString('base64url');
const plain = (text: string) => Buffer.from(text).toString('base64url');

await testCalls([
  {
    connector: gmail, action: 'send', fields, headers, input: { to: 'ann@example.com', subject: 'Grüße', body: 'Hello' }, call: 'POST https://gmail.googleapis.com/gmail/v1/users/me/messages/send',
    body: { raw: raw('To: ann@example.com\nSubject: =?UTF-8?B?R3LDvMOfZQ==?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSGVsbG8=') },
  },
  {
    connector: gmail, action: 'reply', fields, headers, input: { id: 'm1', body: 'Yes' },
    call: ['GET https://gmail.googleapis.com/gmail/v1/users/me/messages/m1?format=metadata&metadataHeaders=From&metadataHeaders=Reply-To&metadataHeaders=Subject&metadataHeaders=Message-ID', 'POST https://gmail.googleapis.com/gmail/v1/users/me/messages/send'],
    answers: [{ json: { threadId: 't1', payload: { headers: [{ name: 'From', value: 'Ann <ann@example.com>' }, { name: 'Subject', value: 'Lunch' }, { name: 'Message-Id', value: '<1@x>' }] } } }, { json: { id: 'm2' } }],
    body: { threadId: 't1', raw: raw('To: Ann <ann@example.com>\nIn-Reply-To: <1@x>\nReferences: <1@x>\nSubject: Re: Lunch\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nWWVz') }, result: { id: 'm2' },
  },
  {
    connector: gmail, action: 'search', fields, headers, input: { q: 'is:unread', maxResults: 1 },
    call: ['GET https://gmail.googleapis.com/gmail/v1/users/me/messages?q=is%3Aunread&maxResults=1', 'GET https://gmail.googleapis.com/gmail/v1/users/me/messages/m1?format=full'],
    answers: [{ json: { messages: [{ id: 'm1' }] } }, { json: { id: 'm1', threadId: 't1', labelIds: ['UNREAD'], snippet: 'Hi', payload: { headers: [{ name: 'From', value: 'ann@example.com' }], mimeType: 'multipart/alternative', parts: [{ mimeType: 'text/html', body: { data: plain('<b>Hi</b>') } }, { mimeType: 'text/plain', body: { data: plain('Hi there') } }] } } }],
    result: [{ id: 'm1', threadId: 't1', labels: ['UNREAD'], from: 'ann@example.com', to: '', subject: '', date: '', snippet: 'Hi', text: 'Hi there' }],
  },
  { connector: googleDrive, action: 'search', fields, headers, input: { name: "Ann's", folderId: 'f1', pageSize: 5 }, call: `GET https://www.googleapis.com/drive/v3/files?q=trashed+%3D+false+and+name+contains+%27Ann%5C%27s%27+and+%27f1%27+in+parents&pageSize=5&fields=${encodeURIComponent('nextPageToken,files(id,name,mimeType,modifiedTime,size,parents,webViewLink)').replaceAll('(', '%28').replaceAll(')', '%29')}&includeItemsFromAllDrives=true&supportsAllDrives=true` },
  { connector: googleDrive, action: 'download', fields, headers, input: { fileId: 'x/y' }, call: 'GET https://www.googleapis.com/drive/v3/files/x%2Fy?alt=media&supportsAllDrives=true', answers: [{ bytes: new Uint8Array([0, 255]), headers: { 'content-type': 'image/png' } }], result: { media_type: 'image/png', base64: 'AP8=' } },
  {
    connector: googleSheets, action: 'append-row', fields, headers, input: { spreadsheetId: 's1', sheet: 'Leads', row: { Email: 'ann@example.com', Name: 'Ann' } },
    call: ['GET https://sheets.googleapis.com/v4/spreadsheets/s1/values/Leads!1%3A1', 'POST https://sheets.googleapis.com/v4/spreadsheets/s1/values/Leads:append?valueInputOption=USER_ENTERED&insertDataOption=INSERT_ROWS'],
    answers: [{ json: { values: [['Name', 'Email', 'Note']] } }, { json: { updates: 1 } }], body: { values: [['Ann', 'ann@example.com', '']] }, result: { updates: 1 },
  },
  { connector: googleSheets, action: 'read-rows', fields, headers, input: { spreadsheetId: 's1', range: 'Leads' }, call: 'GET https://sheets.googleapis.com/v4/spreadsheets/s1/values/Leads', answers: [{ json: { values: [['Name', 'Age'], ['Ann', '30'], ['Bob']] } }], result: [{ row_number: 2, Name: 'Ann', Age: '30' }, { row_number: 3, Name: 'Bob', Age: '' }] },
  { connector: googleSheets, action: 'update-values', fields, headers, input: { spreadsheetId: 's1', range: 'A1:B1', values: [['a', 'b']] }, call: 'PUT https://sheets.googleapis.com/v4/spreadsheets/s1/values/A1%3AB1?valueInputOption=USER_ENTERED', body: { values: [['a', 'b']] } },
  {
    connector: googleDocs, action: 'get', fields, headers, input: { documentId: 'd1' }, call: 'GET https://docs.googleapis.com/v1/documents/d1',
    answers: [{ json: { documentId: 'd1', title: 'Plan', body: { content: [{ paragraph: { elements: [{ textRun: { content: 'One\n' } }] } }, { table: { tableRows: [{ tableCells: [{ content: [{ paragraph: { elements: [{ textRun: { content: 'Cell\n' } }] } }] }] }] } }] } } }], result: { documentId: 'd1', title: 'Plan', text: 'One\nCell\n' },
  },
  { connector: googleDocs, action: 'append-text', fields, headers, input: { documentId: 'd1', text: 'More' }, call: 'POST https://docs.googleapis.com/v1/documents/d1:batchUpdate', body: { requests: [{ insertText: { endOfSegmentLocation: {}, text: 'More' } }] } },
  { connector: googleCalendar, action: 'create-event', fields, headers, input: { summary: 'Lunch', start: '2026-03-01T12:00:00Z', end: '2026-03-02', attendees: ['ann@example.com'] }, call: 'POST https://www.googleapis.com/calendar/v3/calendars/primary/events?sendUpdates=none', body: { summary: 'Lunch', start: { dateTime: '2026-03-01T12:00:00Z' }, end: { date: '2026-03-02' }, attendees: [{ email: 'ann@example.com' }] } },
  { connector: googleCalendar, action: 'list-events', fields, headers, input: { timeMin: '2026-03-01T00:00:00Z' }, call: 'GET https://www.googleapis.com/calendar/v3/calendars/primary/events?timeMin=2026-03-01T00%3A00%3A00Z&maxResults=50&singleEvents=true&orderBy=startTime', answers: [{ json: { items: [{ id: 'e' }] } }], result: [{ id: 'e' }] },
]);
