import { choice, count, defineConnector, del, flag, get, itemsAt, line, oauth2, patch, path, post, read, textArea, write } from '#modules/connections/kit.ts';
import { sha256 } from '#platform/crypto/seal.ts';

const fileId = line('File', 'Its id.');
const FIELDS = 'id,name,mimeType,modifiedTime,size,parents,webViewLink';
const FOLDER = 'application/vnd.google-apps.folder';
const all = { supportsAllDrives: true };

export const googleDrive = defineConnector({
  id: 'google-drive', title: 'Google Drive', description: 'Files and folders.', category: 'files',
  auth: oauth2({ url: 'https://oauth2.googleapis.com/token' }), baseUrl: 'https://www.googleapis.com/drive/v3', probe: get('/about', { fields: 'user' }),
  actions: [
    read(['search', 'Find files', 'Finds files and folders by name, text or folder.'], {
      name: line('Name contains').optional(), fullText: line('Text contains').optional(), folderId: line('In folder').optional(), q: line('Query', 'In the words of the Drive API; instead of the fields above.').optional(), pageSize: count('Files', 1, 1000).default(50),
    }, ({ name, fullText, folderId, q, pageSize }) => get('/files', {
      q: q ?? ['trashed = false', ...(name ? [`name contains ${quoted(name)}`] : []), ...(fullText ? [`fullText contains ${quoted(fullText)}`] : []), ...(folderId ? [`${quoted(folderId)} in parents`] : [])].join(' and '),
      pageSize, fields: `nextPageToken,files(${FIELDS})`, includeItemsFromAllDrives: true, ...all,
    }), (body) => itemsAt(body, 'files')),
    read(['get', 'File', 'What is known about a file.'], { fileId }, (input) => get(path`/files/${input.fileId}`, { fields: FIELDS, ...all })),
    read(['download', 'Read a file', 'The content of a file: text as text, anything else in Base64.'], { fileId }, (input) => get(path`/files/${input.fileId}`, { alt: 'media', ...all })),
    read(['export', 'Read a Google document', 'The content of a document, sheet or presentation in another format.'], { fileId, mimeType: line('Format').default('text/plain') }, ({ fileId: id, mimeType }) => get(path`/files/${id}/export`, { mimeType })),
    write(['create-text-file', 'Write a file', 'Makes a file from a text.'], { name: line('Name'), content: textArea('Content'), mimeType: line('Type').default('text/plain'), folderId: line('In folder').optional(), convert: flag('As a Google document').default(false) },
      ({ name, content, mimeType, folderId, convert }) => related({ name, ...(folderId ? { parents: [folderId] } : {}), ...(convert ? { mimeType: 'application/vnd.google-apps.document' } : {}) }, content, mimeType)),
    write(['create-folder', 'Make a folder', 'Makes a folder.'], { name: line('Name'), folderId: line('In folder').optional() }, ({ name, folderId }) => post('/files', { name, mimeType: FOLDER, ...(folderId ? { parents: [folderId] } : {}) }, { fields: FIELDS, ...all })),
    write(['update', 'Rename or move', 'Changes the name or the folder of a file.'], { fileId, name: line('Name').optional(), addParents: line('Into folder').optional(), removeParents: line('Out of folder').optional() },
      ({ fileId: id, name, ...query }) => patch(path`/files/${id}`, name ? { name } : {}, { ...query, fields: FIELDS, ...all })),
    write(['copy', 'Copy a file', 'Copies a file.'], { fileId, name: line('Name').optional(), folderId: line('Into folder').optional() }, ({ fileId: id, name, folderId }) => post(path`/files/${id}/copy`, { name, ...(folderId ? { parents: [folderId] } : {}) }, { fields: FIELDS, ...all })),
    write(['share', 'Share a file', 'Lets somebody read or write a file.'], { fileId, role: choice('May', ['reader', 'commenter', 'writer']).default('reader'), type: choice('Who', ['user', 'group', 'domain', 'anyone']).default('user'), emailAddress: line('E-mail').optional(), domain: line('Domain').optional() },
      ({ fileId: id, ...body }) => post(path`/files/${id}/permissions`, body, all)),
    write(['delete', 'Delete a file', 'Deletes a file for good.'], { fileId }, (input) => del(path`/files/${input.fileId}`, all)),
  ],
});

const quoted = (text: string): string => `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;

/** An upload of metadata and content in one request (`multipart/related`, RFC 2387). */
function related(metadata: object, content: string, mimeType: string) {
  // A mark that the content cannot hold by chance or by intent.
  const boundary = `part-${sha256(content)}`;
  const text = [`--${boundary}`, 'content-type: application/json; charset=utf-8', '', JSON.stringify(metadata), `--${boundary}`, `content-type: ${mimeType.replace(/[\r\n]/g, '')}`, '', content, `--${boundary}--`, ''].join('\r\n');
  return { method: 'POST' as const, path: 'https://www.googleapis.com/upload/drive/v3/files', query: { uploadType: 'multipart', fields: FIELDS, ...all }, headers: { 'content-type': `multipart/related; boundary=${boundary}` }, text };
}
