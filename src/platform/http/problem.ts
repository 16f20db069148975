/** One kind of refusal: status and words are fixed here, so an answer never depends on who throws it. */
export interface ProblemType {
  code: string;
  status: number;
  title: string;
}

export interface ProblemIssue { path: string; message: string }

/** Declares the refusals of one module; codes become the last part of the problem's `type`. */
export const problemTypes = <T extends Record<string, { status: number; title: string }>>(table: T): { [K in keyof T]: ProblemType } =>
  Object.fromEntries(Object.entries(table).map(([code, entry]) => [code, { code, ...entry }])) as { [K in keyof T]: ProblemType };

/** A refusal the caller can understand (RFC 9457). Anything else that is thrown is a bug and answers a bare 500. */
export class Problem extends Error {
  readonly type: ProblemType;
  readonly issues: readonly ProblemIssue[];
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the answer, e.g. the balance in `insufficient_credits`. */
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(
    type: ProblemType,
    detail?: string,
    options: { issues?: readonly ProblemIssue[]; headers?: Record<string, string>; extra?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(detail ?? type.title, { cause: options.cause });
    this.name = 'Problem';
    this.type = type;
    this.issues = options.issues ?? [];
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }
}

/** Refusals of the kernel itself. */
export const problems = problemTypes({
  unauthenticated: { status: 401, title: 'Sign in or send an API key' },
  'key-invalid': { status: 401, title: 'This API key is not valid' },
  'key-expired': { status: 401, title: 'This API key has expired' },
  forbidden: { status: 403, title: 'You may not do this' },
  'scope-missing': { status: 403, title: 'This API key lacks the scope for this call' },
  'origin-not-allowed': { status: 403, title: 'This origin is not allowed for the key' },
  'not-found': { status: 404, title: 'Not found' },
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'unsupported-media-type': { status: 415, title: 'This content type is not supported here' },
  'too-large': { status: 413, title: 'The request is too large' },
  invalid: { status: 422, title: 'Some fields are not valid' },
  conflict: { status: 409, title: 'This conflicts with the current state' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'The service cannot answer right now' },
  internal: { status: 500, title: 'Something went wrong on our side' },
});
