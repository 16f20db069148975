import { at, bearer, count, defineConnector, get, itemsAt, line, OutsideError, path, post, read, runs, table, textArea, textAt, words, write, type HttpCall, type Outside } from '#modules/connections/kit.ts';

const assistant = line('Assistant', 'Its id.');
const page = count('Page', 1, 10_000).default(1);
const WORDS_CHARACTERS_MAX = 300;

/** RAGFlow answers refusals with status 200 and a code that is not 0. */
const accepted = (body: unknown): unknown => {
  const code = at(body, 'code');
  if (code === 0) return body;
  if (typeof code !== 'number') throw new OutsideError('call-failed', 'The answer is none of RAGFlow. Is this the address of RAGFlow itself?');
  throw new OutsideError('call-failed', `RAGFlow refused the call: ${textAt(body, 'message').slice(0, WORDS_CHARACTERS_MAX).replace(/[.\s]+$/, '') || `code ${code}`}.`);
};
const ask = async ({ http }: Outside, call: HttpCall): Promise<unknown> => accepted((await http(call)).body);

export const ragflow = defineConnector({
  id: 'ragflow', title: 'RAGFlow', description: 'Datasets and chat assistants of a RAGFlow server.', category: 'knowledge',
  auth: bearer(), baseUrl: null, ownHost: true, probe: async (outside) => ask(outside, get('/api/v1/datasets', { page: 1, page_size: 1 })),
  actions: [
    read(['list-datasets', 'Datasets', 'The datasets of the account.'], { page, page_size: count('Datasets', 1, 100).default(30) }, (query) => get('/api/v1/datasets', query), (body) => itemsAt(accepted(body), 'data')),
    read(['retrieve', 'Find passages', 'The passages of datasets that fit a question.'], { question: textArea('Question').min(1), dataset_ids: words('Datasets', 'Their ids.').min(1), page_size: count('Passages', 1, 100).default(8) },
      (body) => post('/api/v1/retrieval', body), (body) => itemsAt(accepted(body), 'data.chunks').map(passageOf)),
    read(['list-assistants', 'Chat assistants', 'The chat assistants of the account.'], { page, page_size: count('Assistants', 1, 100).default(30) }, (query) => get('/api/v1/chats', query), (body) => chatsOf(accepted(body))),
    runs('write', ['create-assistant', 'Make a chat assistant', 'Makes an assistant that answers from datasets. One of that name is taken as it is.'], {
      name: line('Name'), dataset_ids: words('Datasets', 'Their ids. Each needs a parsed document.').min(1), settings: table('Settings', 'For example llm_id and prompt_config.').optional(),
    }, createAssistant),
    write(['delete-assistants', 'Delete chat assistants', 'Deletes assistants; their datasets stay.'], { ids: words('Assistants', 'Their ids.').min(1) }, (body) => ({ method: 'DELETE', path: '/api/v1/chats', json: body }), accepted),
    runs('write', ['ask-assistant', 'Ask a chat assistant', 'Asks an assistant and waits for its answer, with the passages it answered from.'], {
      chat_id: assistant, question: textArea('Question').min(1), session_id: line('Conversation', 'To go on with.').optional(),
    }, askAssistant),
    write(['delete-session', 'Forget a conversation', 'Deletes a conversation with an assistant.'], { chat_id: assistant, session_id: line('Conversation') }, ({ chat_id, session_id }) => ({ method: 'DELETE', path: path`/api/v1/chats/${chat_id}/sessions`, json: { ids: [session_id] } }), accepted),
  ],
});

/** Newer servers count the list. */
const chatsOf = (body: unknown): unknown[] => (Array.isArray(at(body, 'data')) ? itemsAt(body, 'data') : itemsAt(body, 'data.chats'));

async function createAssistant(outside: Outside, { name, dataset_ids, settings }: { name: string; dataset_ids: string[]; settings?: Record<string, unknown> | undefined }): Promise<unknown> {
  const { body } = await outside.http(post('/api/v1/chats', { ...settings, name, dataset_ids }));
  if (!/duplicate/i.test(textAt(body, 'message'))) return at(accepted(body), 'data');
  const known = chatsOf(await ask(outside, get('/api/v1/chats', { name, page: 1, page_size: 100 }))).find((chat) => textAt(chat, 'name') === name);
  return known ?? accepted(body);
}

/** Older servers begin a conversation with their greeting instead of an answer, so it is opened first. */
async function askAssistant(outside: Outside, { chat_id, question, session_id }: { chat_id: string; question: string; session_id?: string | undefined }): Promise<unknown> {
  const session = session_id ?? textAt(await ask(outside, post(path`/api/v1/chats/${chat_id}/sessions`, { name: outside.now().toISOString() })), 'data.id');
  const body = await complete(outside, chat_id, { question, session_id: session, stream: false });
  const answer = plainAnswer(textAt(body, 'data.answer'));
  if (answer === '') throw new OutsideError('call-failed', 'The assistant gave no answer.');
  return { answer, session_id: session, passages: itemsAt(body, 'data.reference.chunks').map(passageOf) };
}

/** The address of completions moved; servers that do not know the new one answer that there is no such page, some with status 200. */
async function complete(outside: Outside, chat: string, asked: { question: string; session_id: string; stream: false }): Promise<unknown> {
  const body = await outside.http(post('/api/v1/chat/completions', { ...asked, chat_id: chat })).then((answer) => answer.body, (error: unknown) => {
    if (error instanceof OutsideError && (error.status === 404 || error.status === 405)) return null;
    throw error;
  });
  const isMissing = body === null || at(body, 'code') === 404 || /^(?:Not Found: |<?(?:NotFound|MethodNotAllowed)\b)/.test(textAt(body, 'message'));
  return isMissing ? ask(outside, post(path`/api/v1/chats/${chat}/completions`, asked)) : accepted(body);
}

/** Without what the model thought aloud, and without the server's marks, which would be read as the numbers of other passages. */
const plainAnswer = (answer: string): string => answer.replace(/^\s*<think>[^]*?<\/think>/, '').replace(/\s*(?:\[ID:\s*\d+\]|##\d+\$\$)/g, '').trim();

const passageOf = (chunk: unknown): Record<string, unknown> => ({
  text: textAt(chunk, 'content') || textAt(chunk, 'content_with_weight'), document: textAt(chunk, 'document_name') || textAt(chunk, 'document_keyword') || textAt(chunk, 'docnm_kwd'),
  document_id: textAt(chunk, 'document_id') || textAt(chunk, 'doc_id'), dataset_id: textAt(chunk, 'dataset_id') || textAt(chunk, 'kb_id'), similarity: at(chunk, 'similarity') ?? null,
});
