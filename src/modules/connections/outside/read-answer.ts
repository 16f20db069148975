import type { Response } from 'undici';
import { refusalWords } from '#platform/egress/refusal-words.ts';
import type { HttpAnswer, HttpCall } from '../kit/http-call.ts';
import { OutsideError } from '../kit/outside-error.ts';

const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** Reads an answer within bounds; secrets that the other side repeats are masked. Throws OutsideError for refusals. */
export async function readAnswer(response: Response, call: HttpCall, host: string, redact: (text: string) => string): Promise<HttpAnswer> {
  const bytes = await boundedBytes(response, host);
  const mediaType = response.headers.get('content-type') ?? '';
  if (response.status >= 400) {
    const words = refusalWords(redact(bytes.toString('utf8')));
    throw new OutsideError('call-failed', `${host} answered with status ${response.status}${words === '' ? '.' : `: ${words}`}`, { status: response.status });
  }
  const headers = Object.fromEntries(['content-type', 'etag', 'location', 'link', 'retry-after'].flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, redact(value)]];
  }));
  return { status: response.status, headers, body: bodyFrom(bytes, mediaType, call.answer, host, redact) };
}

async function boundedBytes(response: Response, host: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    if (!(piece instanceof Uint8Array)) continue;
    size += piece.byteLength;
    if (size > ANSWER_BYTES_MAX) throw new OutsideError('call-failed', `The answer of ${host} is larger than ${ANSWER_BYTES_MAX / 1024 / 1024} MB.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function bodyFrom(bytes: Buffer, mediaType: string, wanted: HttpCall['answer'], host: string, redact: (text: string) => string): unknown {
  if (bytes.byteLength === 0) return wanted === 'text' ? '' : null;
  const kind = wanted ?? kindOf(mediaType, bytes);
  if (kind === 'binary') return { media_type: mediaType.split(';')[0]?.trim() ?? '', base64: bytes.toString('base64') };
  const text = redact(bytes.toString('utf8'));
  if (kind === 'text') return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch (error) {
    if (wanted === 'json') throw new OutsideError('call-failed', `${host} did not answer with JSON.`, { cause: error });
    return text;
  }
}

function kindOf(mediaType: string, bytes: Buffer): 'json' | 'text' | 'binary' {
  if (/json/i.test(mediaType)) return 'json';
  if (/^(text\/|application\/(xml|xhtml|javascript|yaml|x-yaml|x-www-form-urlencoded|sql|csv)|[^;]*\+xml)/i.test(mediaType)) return 'text';
  return mediaType === '' && !bytes.includes(0) ? 'text' : 'binary';
}
