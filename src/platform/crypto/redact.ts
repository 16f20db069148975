/** Shorter secrets would blot out ordinary words. */
const SECRET_CHARS_MIN = 6;
const MASK = '[redacted]';

/** Replaces secrets in a text, also where they are URL-encoded, in Base64 or escaped for JSON. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN).flatMap((secret) => [
    secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url'),
  ]));
  // Longest first: one form may hold another.
  const ordered = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => ordered.reduce((known, form) => (known.includes(form) ? known.replaceAll(form, MASK) : known), text);
}
