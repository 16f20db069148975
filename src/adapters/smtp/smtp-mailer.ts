import { isIP } from 'node:net';
import { z } from 'zod';
import type { Egress } from '#platform/egress/egress.ts';
import { MailError, type Mailer } from '#platform/mail/mailer.ts';

export interface SmtpOptions {
  /** `smtps://user:password@host:port`, or `smtp://` for STARTTLS; user and password are percent-encoded. */
  url: string;
  from: { name: string; address: string };
  egress: Pick<Egress, 'addressOf'>;
}

const SUBMISSION_PORTS = [25, 465, 587, 2525];
const CONNECT_MS_MAX = 10_000;
const SILENT_MS_MAX = 30_000;

/** What the library says of a failure. Its message may repeat addresses, so only these are looked at. */
const Failure = z.object({ code: z.string().optional(), responseCode: z.number().int().optional() });

/** Sends through a mail server (RFC 5321). A password is only ever sent over TLS. */
export function smtpMailer({ url, from, egress }: SmtpOptions): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const at = port === '' ? (secure ? 465 : 587) : Number(port);
  const auth = username === '' ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    async send({ id, to, subject, text }) {
      // Only where a message is sent is the library read.
      const { createTransport } = await import('nodemailer');
      try {
        const transport = createTransport({
          host: await egress.addressOf(hostname, at, SUBMISSION_PORTS), port: at, secure, requireTLS: !secure && auth !== undefined, auth,
          tls: { minVersion: 'TLSv1.2', ...(isIP(hostname) ? {} : { servername: hostname }) },
          connectionTimeout: CONNECT_MS_MAX, greetingTimeout: CONNECT_MS_MAX, socketTimeout: SILENT_MS_MAX, disableFileAccess: true, disableUrlAccess: true,
        });
        await transport.sendMail({
          from, to, subject: subject.replaceAll(/\s+/g, ' '), text, messageId: `<${id}@${from.address.split('@').at(-1) ?? 'localhost'}>`,
          // Holidays are not answered to a program (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw told(error);
      }
    },
  };
}

function told(error: unknown): MailError {
  const { code = 'unknown', responseCode = 0 } = Failure.safeParse(error).data ?? {};
  // What else a server refuses, such as a password, is the operator's to mend; the message is good once that is done.
  const permanent = responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return new MailError(responseCode > 0 ? `the mail server answered ${responseCode} (${code})` : `the mail server could not be used (${code})`, permanent);
}
