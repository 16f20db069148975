import type { z } from 'zod';
import { Problem } from '#platform/http/problem.ts';
import type { ChatMessage } from '#modules/models/index.ts';
import { problems as runtime, type Subject } from '#modules/runtime/index.ts';
import type { ChatCompletionRequest } from '../contract.ts';
import { isPictureUrl, requirePicture, type SentFile } from './attachments.ts';

/** The message to answer, taken apart from the turns before it. */
export interface Turns { text: string; images: string[]; /** As they came, not yet read. */ files: SentFile[]; history: ChatMessage[] }

type Message = NonNullable<z.infer<typeof ChatCompletionRequest>['messages']>[number];

const IMAGES_MAX = 8;
/** Turns that are passed on where the product does not say how many. */
const TURNS_DEFAULT = 20;

/**
 * Reads OpenAI's messages: the last one must be the user's. Instructions (`system`) of the caller are dropped unless
 * `trusted`: in a web page anybody could write them.
 */
export function turnsOf(messages: readonly Message[], trusted: boolean): Turns {
  const last = messages.at(-1);
  if (last?.role !== 'user') throw new Problem(runtime['message-missing'], 'The last message must have the role "user".');
  const history = messages.slice(0, -1).flatMap((message): ChatMessage[] => {
    const content = textOf(message);
    if (message.role === 'user' || message.role === 'assistant') return [{ role: message.role, content }];
    return trusted && (message.role === 'system' || message.role === 'developer') ? [{ role: 'system', content }] : [];
  });
  const images = imagesOf(last);
  if (images.length > IMAGES_MAX) throw new Problem(runtime['message-too-long'], `A message may have at most ${IMAGES_MAX} images.`);
  return { text: textOf(last), images, files: filesOf(last), history };
}

/** What the product's capabilities and plan leave of a request. Throws 403 for what they do not include. */
export function withinEntitlements(turns: Turns, { entitlements, configuration }: Subject): Turns {
  if (!entitlements.features.chat && !entitlements.features.api) throw new Problem(runtime['not-allowed-by-plan'], 'This product does not chat.');
  if (turns.images.length > 0 && !entitlements.features.imageInput) throw new Problem(runtime['not-allowed-by-plan'], 'This product does not read images.');
  if (turns.files.length > 0 && !entitlements.features.fileUpload) throw new Problem(runtime['not-allowed-by-plan'], 'This product does not read files.');
  if (!entitlements.features.multiTurn) return { ...turns, history: turns.history.filter((turn) => turn.role === 'system') };
  const kept = entitlements.features.knowledge ? configuration.rag.historyTurns : TURNS_DEFAULT;
  const system = turns.history.filter((turn) => turn.role === 'system');
  const talk = turns.history.filter((turn) => turn.role !== 'system');
  return { ...turns, history: [...system, ...(kept > 0 ? talk.slice(-kept) : [])] };
}

function textOf({ content }: Message): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Pictures inside the message itself. Addresses are refused: fetching what a caller names is not our business. */
function imagesOf({ content }: Message): string[] {
  if (typeof content === 'string' || !content) return [];
  return content.flatMap((part) => {
    if (part.type !== 'image_url') return [];
    if (!isPictureUrl(part.image_url.url)) throw new Problem(runtime['not-allowed-by-plan'], 'Send images inside the message, as data:image/…;base64.');
    requirePicture(part.image_url.url);
    return [part.image_url.url];
  });
}

function filesOf({ content }: Message): SentFile[] {
  if (typeof content === 'string' || !content) return [];
  return content.flatMap((part) => {
    if (part.type !== 'file') return [];
    if (part.file.file_data === undefined) throw new Problem(runtime['file-unreadable'], 'Send files inside the message, as "file_data" with a data URL; ids of stored files are not known here.');
    return [{ name: part.file.filename ?? 'file', data: part.file.file_data }];
  });
}
