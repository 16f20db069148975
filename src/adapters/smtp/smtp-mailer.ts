import { isIP, Socket } from 'node:net';
import { z } from 'zod';
import type { Egress } from '#platform/egress/egress.ts';
import { tlsFault } from '#platform/egress/tls-fault.ts';
import { MailError, type Mailer } from '#platform/mail/mailer.ts';

export interface SmtpOptions {
  /** `smtps://user:password@host:port`, or `smtp://` for STARTTLS; user and password are percent-encoded. */
  url: string;
  from: { name: string; address: string };
  egress: Pick<Egress, 'addressOf'>;
  /** Milliseconds until it answers at all, without a word from it, and for the whole delivery. */
  patience?: { answerMs: number; silentMs: number; wholeMs: number };
}

const SUBMISSION_PORTS = [25, 465, 587, 2525];
/** Well below the time a job has, so that it ends with words. */
const PATIENCE = { answerMs: 10_000, silentMs: 30_000, wholeMs: 90_000 } as const;

/** What the library says of a failure. Its message may repeat addresses, so only these are looked at. */
const Failure = z.object({ code: z.string().optional(), originalCode: z.string().optional(), responseCode: z.number().int().optional(), command: z.string().optional() });

/** Sends through a mail server (RFC 5321). A password is only ever sent over TLS, with a certificate that is trusted. */
export function smtpMailer({ url, from, egress, patience = PATIENCE }: SmtpOptions): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const at = port === '' ? (secure ? 465 : 587) : Number(port);
  const auth = username === '' ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    async send({ id, to, subject, text }) {
      // Only where a message is sent is the library read.
      const { createTransport } = await import('nodemailer');
      const socket = new Socket();
      // A server that says a little now and then is never silent.
      let late = false;
      const cut = setTimeout(() => { late = true; socket.destroy(); }, patience.wholeMs);
      try {
        const transport = createTransport({
          host: await egress.addressOf(hostname, at, SUBMISSION_PORTS), port: at, socket, secure, requireTLS: !secure && auth !== undefined, auth,
          tls: { minVersion: 'TLSv1.2', ...(isIP(hostname) ? {} : { servername: hostname }) },
          connectionTimeout: patience.answerMs, greetingTimeout: patience.answerMs, socketTimeout: patience.silentMs, disableFileAccess: true, disableUrlAccess: true,
        });
        await transport.sendMail({
          from, to, subject: subject.replaceAll(/\s+/g, ' '), text, messageId: `<${id}@${from.address.split('@').at(-1) ?? 'localhost'}>`,
          // Holidays are not answered to a program (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw late ? new MailError('the mail server did not come to an end in time', false) : told(error);
      } finally {
        clearTimeout(cut);
      }
    },
  };
}

function told(error: unknown): MailError {
  const { code = 'unknown', responseCode = 0 } = Failure.safeParse(error).data ?? {};
  // What else a server refuses, such as a password, is the operator's to mend; the message is good once that is done.
  const permanent = responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return new MailError(`the mail server ${words(error)}`, permanent);
}

function words(error: unknown): string {
  const { code = 'unknown', originalCode, responseCode = 0, command } = Failure.safeParse(error).data ?? {};
  const fault = tlsFault(error);
  if (fault?.kind === 'certificate') return `shows a certificate that is not trusted: ${fault.why}${fault.signer ? '; name the file of its authority in NODE_EXTRA_CA_CERTS' : ''}`;
  if (fault) return 'came to no encrypted connection: check whether SMTP_URL should begin with smtps:// or smtp://, and which versions of TLS it takes';
  if (code === 'EAUTH' && responseCode > 0) return `refused the user name or password of SMTP_URL, it answered ${responseCode}`;
  if (code === 'ETLS' && command === 'STARTTLS' && responseCode > 0) return `offers no encryption and was not sent the password, it answered ${responseCode}`;
  if (responseCode > 0) return `answered ${responseCode} (${code})`;
  if (code === 'ETIMEDOUT') return 'did not answer in time';
  return `could not be used (${originalCode ?? code})`;
}
