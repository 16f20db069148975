import { count, defineConnector, itemsAt, line, oauth2, post, read, textArea, write, flag } from '#modules/connections/kit.ts';

const file = line('Path', 'For example /reports/2026.txt.');
/** The argument of content calls is a header, where only ASCII may stand. */
const argument = (value: object) => JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const dropbox = defineConnector({
  id: 'dropbox', title: 'Dropbox', description: 'Files and folders.', category: 'files',
  auth: oauth2({ url: 'https://api.dropboxapi.com/oauth2/token' }), baseUrl: 'https://api.dropboxapi.com', hosts: ['content.dropboxapi.com'], probe: post('/2/users/get_current_account', null),
  actions: [
    read(['list', 'List a folder', 'The files and folders in a folder.'], { path: line('Folder').optional(), recursive: flag('With all below').default(false), limit: count('Entries', 1, 2000).default(200) }, ({ path: folder = '', ...body }) => post('/2/files/list_folder', { path: folder === '/' ? '' : folder, ...body }), (body) => itemsAt(body, 'entries')),
    read(['search', 'Find files', 'Finds files by name or text.'], { query: line('Words'), max_results: count('Files', 1, 1000).default(50) }, ({ query, max_results }) => post('/2/files/search_v2', { query, options: { max_results } }), (body) => itemsAt(body, 'matches')),
    read(['download', 'Read a file', 'The content of a file: text as text, anything else in Base64.'], { path: file }, (input) => ({ method: 'POST', path: 'https://content.dropboxapi.com/2/files/download', text: '', headers: { 'content-type': 'text/plain; charset=utf-8', 'dropbox-api-arg': argument({ path: input.path }) } })),
    write(['upload', 'Write a file', 'Stores a text as a file, replacing one of the same name.'], { path: file, content: textArea('Content') }, (input) => ({ method: 'POST', path: 'https://content.dropboxapi.com/2/files/upload', bytes: Buffer.from(input.content), headers: { 'content-type': 'application/octet-stream', 'dropbox-api-arg': argument({ path: input.path, mode: 'overwrite' }) } })),
    write(['delete', 'Delete a file', 'Deletes a file or folder.'], { path: file }, (input) => post('/2/files/delete_v2', input)),
  ],
});
