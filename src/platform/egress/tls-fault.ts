/** What kept an encrypted connection from coming about: the certificate, no encryption at the other end, or how it is encrypted. */
export type TlsFault = { kind: 'certificate'; /** Continues "it is not trusted". */ why: string; /** Whoever signed it is not known here. */ signer: boolean } | { kind: 'unencrypted' | 'handshake' };

/** By code or, where a driver puts its own code in the place, by the words of OpenSSL and Node. */
const CERTIFICATE: readonly (readonly [RegExp, string])[] = [
  [/ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/, 'it is made for another name than this host'],
  [/CERT_HAS_EXPIRED|certificate has expired/, 'it has expired'],
  [/CERT_NOT_YET_VALID|certificate is not yet valid/, 'it is not valid yet'],
];
const SIGNER = /SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|self-signed certificate|unable to (verify the first|get (local )?issuer) certificate/;
const UNENCRYPTED = /HANDSHAKE_NO_SSL_SUPPORT|does not support (SSL|secure)|establishing an SSL connection/;
const HANDSHAKE = /HANDSHAKE_SSL_ERROR|ERR_SSL_|EPROTO/;

/** Reads the error of a driver or of Node; null where it is about something else. Repeats nothing of the error. */
export function tlsFault(error: unknown): TlsFault | null {
  if (!(error instanceof Error)) return null;
  // A library that puts a code of its own in the place may keep the first one beside it.
  const said = ['code' in error ? error.code : '', 'originalCode' in error ? error.originalCode : '', error.message].join(' ');
  const why = CERTIFICATE.find(([pattern]) => pattern.test(said))?.[1];
  if (why !== undefined) return { kind: 'certificate', why, signer: false };
  if (SIGNER.test(said)) return { kind: 'certificate', why: 'nobody known signed it', signer: true };
  if (UNENCRYPTED.test(said)) return { kind: 'unencrypted' };
  return HANDSHAKE.test(said) ? { kind: 'handshake' } : null;
}
