import { itemsAt, OutsideError, textAt } from '#modules/connections/kit.ts';

export interface Mail { to: string; subject: string; body: string; format: 'text' | 'html'; cc?: string | undefined; bcc?: string | undefined; replyTo?: string | undefined; inReplyTo?: string | undefined }

/** A mail after RFC 5322 with a UTF-8 body, base64url as the API wants it. Throws for line breaks where a header ends. */
export function mailText({ to, subject, body, format, cc, bcc, replyTo, inReplyTo }: Mail): string {
  const headers: [string, string | undefined][] = [
    ['To', to], ['Cc', cc], ['Bcc', bcc], ['Reply-To', replyTo], ['In-Reply-To', inReplyTo], ['References', inReplyTo], ['Subject', encoded(subject)],
    ['MIME-Version', '1.0'], ['Content-Type', `text/${format === 'html' ? 'html' : 'plain'}; charset=utf-8`], ['Content-Transfer-Encoding', 'base64'],
  ];
  const lines = headers.flatMap(([name, value]) => {
    if (!value) return [];
    if (/[\r\n](?! )/.test(value)) throw new OutsideError('input-invalid', `${name} must not contain a line break.`);
    return [`${name}: ${value}`];
  });
  const wrapped = Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${wrapped}`).toString('base64url');
}

/** Header text outside ASCII is written as encoded words of at most 75 characters (RFC 2047). */
const encoded = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text
  : (text.match(/.{1,10}/gu) ?? []).map((piece) => `=?UTF-8?B?${Buffer.from(piece).toString('base64')}?=`).join('\r\n '));

/** The text of a message: the plain part where there is one, else the HTML part. */
export function bodyOf(payload: unknown): string {
  const parts = flatten(payload, 0);
  const chosen = parts.find((part) => textAt(part, 'mimeType') === 'text/plain') ?? parts.find((part) => textAt(part, 'mimeType') === 'text/html');
  return Buffer.from(textAt(chosen, 'body.data'), 'base64url').toString('utf8');
}

const DEPTH_MAX = 10;
const flatten = (part: unknown, depth: number): unknown[] => (depth > DEPTH_MAX ? [] : [part, ...itemsAt(part, 'parts').flatMap((inner) => flatten(inner, depth + 1))]);
