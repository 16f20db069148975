/** A message to one person, in plain text. */
export interface Mail {
  /** Repeating a mail with the same id lets servers and readers drop the second. Of letters, digits and dashes. */
  id: string;
  to: { name: string; address: string };
  /** One line; line breaks become spaces. */
  subject: string;
  text: string;
}

/** Hands messages over for delivery. Makes a call, so it must not be used inside a transaction. */
export interface Mailer {
  /** Resolves once the server took the message. Throws {@link MailError}. */
  send(mail: Mail): Promise<void>;
}

/** A message was not taken. The message says what the server answered in a number, never to whom or what was written. */
export class MailError extends Error {
  override name = 'MailError';
  /** Whether the same message would be refused again. */
  readonly permanent: boolean;
  constructor(message: string, permanent: boolean) {
    super(message);
    this.permanent = permanent;
  }
}
