import { randomBytes } from 'node:crypto';
import { z } from 'zod';

interface LoopbackSession { id: string; name: string; messages: { role: string; content: string }[] }
/** A chat assistant as the server keeps it. */
export interface LoopbackChat { id: string; name: string; dataset_ids: string[]; settings: Record<string, unknown>; sessions: Map<string, LoopbackSession> }

/** A piece that an assistant answers from. */
export interface LoopbackReference { id: string; content: string; document_id: string; document_name: string; dataset_id: string; similarity: number }

export interface LoopbackChatCall { method: string; path: string; query: URLSearchParams; json: Record<string, unknown> }
/** What the server says: `code` 0 with data, or a refusal; both with status 200. */
export interface LoopbackReply { code: number; message?: string; data?: unknown }

const NewChat = z.looseObject({ name: z.string(), dataset_ids: z.array(z.string()).default([]) });
const Ids = z.looseObject({ ids: z.array(z.string()).nullish() });
const Asked = z.looseObject({ chat_id: z.string().optional(), session_id: z.string().optional(), question: z.string().default('') });

const newId = (): string => randomBytes(16).toString('hex');
const refused = (message: string, code = 102): LoopbackReply => ({ code, message });

/**
 * Chat assistants of the loopback server: made from datasets, asked in sessions. An answer quotes the best piece with the
 * server's mark behind it, after what the model thought. Null for paths that are none of theirs.
 */
export function loopbackChats(chats: Map<string, LoopbackChat>, find: (datasets: readonly string[], question: string) => LoopbackReference[] | null, isNewer: () => boolean) {
  const shown = ({ id, name, dataset_ids, settings }: LoopbackChat) => ({ ...settings, id, name, dataset_ids, status: '1', description: 'A helpful Assistant' });

  function collection({ method, query, json }: LoopbackChatCall): LoopbackReply {
    if (method === 'GET') {
      const name = query.get('name');
      const found = [...chats.values()].filter((chat) => name === null || chat.name === name).map(shown);
      if (isNewer()) return { code: 0, data: { chats: found, total: found.length } };
      return name !== null && found.length === 0 ? refused('The chat doesn\'t exist') : { code: 0, data: found };
    }
    if (method === 'DELETE') {
      const ids = Ids.parse(json).ids ?? (isNewer() ? [] : [...chats.keys()]);
      const missing = ids.find((id) => !chats.delete(id));
      return missing === undefined ? { code: 0 } : refused(`Assistant(${missing}) not found.`);
    }
    const { name, dataset_ids, ...settings } = NewChat.parse(json);
    if ([...chats.values()].some((chat) => chat.name === name)) return refused('Duplicated chat name in creating chat.');
    if (find(dataset_ids, '') === null) return refused(`You don't own the dataset ${dataset_ids[0] ?? ''}`);
    const chat: LoopbackChat = { id: newId(), name, dataset_ids, settings, sessions: new Map() };
    chats.set(chat.id, chat);
    return { code: 0, data: shown(chat) };
  }

  function sessions(chat: LoopbackChat, { method, json }: LoopbackChatCall): LoopbackReply {
    if (method === 'DELETE') {
      const missing = (Ids.parse(json).ids ?? []).find((id) => !chat.sessions.delete(id));
      return missing === undefined ? { code: 0 } : refused(`The chat doesn't own the session ${missing}`);
    }
    const name = z.string().catch('').parse(json['name']);
    if (name === '') return refused('`name` can not be empty.');
    const session: LoopbackSession = { id: newId(), name, messages: [{ role: 'assistant', content: 'Hi! I\'m your assistant, what can I do for you?' }] };
    chat.sessions.set(session.id, session);
    return { code: 0, data: { ...session, chat_id: chat.id } };
  }

  function complete(chat: LoopbackChat | undefined, asked: z.infer<typeof Asked>): LoopbackReply {
    if (!chat) return refused(`You don't own the chat ${asked.chat_id ?? ''}`);
    if (asked.question === '') return refused('Please input your question.');
    const session = chat.sessions.get(asked.session_id ?? '');
    if (!session) return refused('You don\'t own the session');
    const found = find(chat.dataset_ids, asked.question) ?? [];
    const turn = session.messages.filter(({ role }) => role === 'user').length + 1;
    const answer = `<think>The person asks for the ${turn}. time.</think>${found[0] ? `It is written: ${found[0].content} ${isNewer() ? '[ID:0]' : '##0$$'}` : 'Sorry! No relevant content was found in the knowledge base!'}`;
    session.messages.push({ role: 'user', content: asked.question }, { role: 'assistant', content: answer });
    return { code: 0, data: { answer, reference: { chunks: found, total: found.length, doc_aggs: [] }, audio_binary: null, id: newId(), session_id: session.id } };
  }

  return (call: LoopbackChatCall): LoopbackReply | null => {
    if (call.path === '/chats') return collection(call);
    if (call.path === '/chat/completions') {
      const asked = Asked.parse(call.json);
      return isNewer() ? complete(chats.get(asked.chat_id ?? ''), asked) : refused('Not Found: /api/v1/chat/completions', 404);
    }
    const [, chatId, rest] = /^\/chats\/([^/]+)\/(sessions|completions)$/.exec(call.path) ?? [];
    if (chatId === undefined) return null;
    const chat = chats.get(chatId);
    if (!chat) return refused(`You don't own the assistant ${chatId}.`);
    return rest === 'sessions' ? sessions(chat, call) : complete(chat, Asked.parse(call.json));
  };
}
