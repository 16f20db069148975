import { createHmac, randomBytes } from 'node:crypto';
import { sameSecret } from './seal.ts';

/** Standard Webhooks 1.0: symmetric signatures, `whsec_` secrets, one header for each of the three facts. */
export const SIGNATURE_HEADERS = { id: 'webhook-id', timestamp: 'webhook-timestamp', signature: 'webhook-signature' } as const;

const PREFIX = 'whsec_';
/** A message that is older, or from further ahead, is refused: it may be a recording. */
const TOLERANCE_SECONDS = 300;

export interface SignedMessage {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  /** The very bytes that travel. */
  body: string;
}

/** A new signing secret, to be shown once. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(24).toString('base64');

/** The headers a message is sent with. Throws for a secret that is none. */
export const signedHeaders = (secret: string, message: SignedMessage): Record<string, string> => ({
  [SIGNATURE_HEADERS.id]: message.id, [SIGNATURE_HEADERS.timestamp]: String(message.timestamp), [SIGNATURE_HEADERS.signature]: signature(secret, message),
});

/** Whether one of the signatures in the header (space-separated, `v1,…`) is right and the message fresh. */
export function isSignedBy(secret: string, message: Omit<SignedMessage, 'timestamp'> & { timestamp: string; signatures: string }, now: Date): boolean {
  const timestamp = /^\d{1,12}$/.test(message.timestamp) ? Number(message.timestamp) : Number.NaN;
  if (!(Math.abs(now.getTime() / 1000 - timestamp) <= TOLERANCE_SECONDS)) return false;
  const expected = signature(secret, { id: message.id, timestamp, body: message.body });
  return message.signatures.split(' ').slice(0, 10).some((one) => sameSecret(one, expected));
}

function signature(secret: string, { id, timestamp, body }: SignedMessage): string {
  if (!secret.startsWith(PREFIX)) throw new Error('a webhook secret begins with whsec_');
  return `v1,${createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
