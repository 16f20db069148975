import { defineConnector, get, itemsAt, line, list, oauth2, path, post, read, runs, textArea, textAt, write } from '#modules/connections/kit.ts';

const documentId = line('Document', 'Its id, from the address.');
const update = (id: string, requests: unknown) => post(`${path`/v1/documents/${id}`}:batchUpdate`, { requests });
const append = (text: string) => ({ insertText: { endOfSegmentLocation: {}, text } });

export const googleDocs = defineConnector({
  id: 'google-docs', title: 'Google Docs', description: 'Text documents.', category: 'documents',
  auth: oauth2({ url: 'https://oauth2.googleapis.com/token' }), baseUrl: 'https://docs.googleapis.com',
  actions: [
    read(['get', 'Read a document', 'The title and the text of a document.'], { documentId }, (input) => get(path`/v1/documents/${input.documentId}`), (body) => ({ documentId: textAt(body, 'documentId'), title: textAt(body, 'title'), text: plainText(body) })),
    runs('write', ['create', 'Write a document', 'Makes a document with a text.'], { title: line('Title'), text: textArea('Text').default('') }, async ({ http }, { title, text }) => {
      const { body } = await http(post('/v1/documents', { title }));
      if (text !== '') await http(update(textAt(body, 'documentId'), [append(text)]));
      return { documentId: textAt(body, 'documentId'), title };
    }),
    write(['append-text', 'Add text', 'Adds text at the end of a document.'], { documentId, text: textArea('Text').min(1) }, (input) => update(input.documentId, [append(input.text)])),
    write(['replace-text', 'Replace text', 'Replaces a text everywhere in a document, e.g. a placeholder.'], { documentId, find: line('Find'), replace: textArea('Replace by') },
      (input) => update(input.documentId, [{ replaceAllText: { containsText: { text: input.find, matchCase: true }, replaceText: input.replace } }])),
    write(['batch-update', 'Several changes', 'Changes after the batchUpdate method.'], { documentId, requests: list('Changes') }, (input) => update(input.documentId, input.requests)),
  ],
});

/** The text of all paragraphs, and of the cells of tables, in order. */
function plainText(document: unknown): string {
  const textIn = (content: unknown[], depth: number): string => content.map((block) => {
    const words = itemsAt(block, 'paragraph.elements').map((element) => textAt(element, 'textRun.content')).join('');
    const rows = depth > 5 ? [] : itemsAt(block, 'table.tableRows').flatMap((row) => itemsAt(row, 'tableCells').map((cell) => textIn(itemsAt(cell, 'content'), depth + 1)));
    return words + rows.join('');
  }).join('');
  return textIn(itemsAt(document, 'body.content'), 0);
}
