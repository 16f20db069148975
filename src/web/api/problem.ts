import { z } from 'zod';

/** The fields of an RFC 9457 answer this client shows; a server may send more. */
const ProblemBody = z.looseObject({
  type: z.string().catch('about:blank'),
  title: z.string().catch(''),
  detail: z.string().catch(''),
  code: z.string().catch(''),
  request_id: z.string().nullish().catch(null),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).catch([]),
});

/** `problem`: the server said no. `network`: no answer. `answer`: an answer nobody here understands (an older page). */
export type ProblemKind = 'problem' | 'network' | 'answer';

/** What went wrong with a call, in words that may be shown. `status` is 0 when there was no answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly kind: ProblemKind;
  readonly status: number;
  /** Short stable code such as `credits-exhausted`, empty if the server gave none. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What is wrong with which field; `path` is dotted (`persona.name`) or a JSON pointer. */
  readonly errors: readonly { path: string; message: string }[];
  readonly requestId: string | null;

  constructor(fields: {
    kind: ProblemKind; status: number; title: string; detail?: string; code?: string;
    errors?: readonly { path: string; message: string }[]; requestId?: string | null; cause?: unknown;
  }) {
    super(fields.detail || fields.title, { cause: fields.cause });
    this.kind = fields.kind;
    this.status = fields.status;
    this.code = fields.code ?? '';
    this.title = fields.title;
    this.detail = fields.detail ?? '';
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId ?? null;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  401: 'Please sign in',
  402: 'Not enough credits',
  403: 'You may not do this',
  404: 'Not found',
  409: 'This was changed in the meantime',
  413: 'That is too large',
  422: 'Please check what you entered',
  429: 'Too many requests, please wait a moment',
  503: 'The service is busy, please try again',
};

/** Turns an answer with an error status into an {@link ApiProblem}, whatever its body holds. */
export const problemFrom = (status: number, body: string, requestIdHeader: string | null): ApiProblem => {
  const fallback = TITLES[status] ?? (status >= 500 ? 'Something went wrong on our side' : 'The request was refused');
  let json: unknown = null;
  try { json = JSON.parse(body); } catch { /* A proxy's page, or nothing: the status alone has to do. */ }
  const parsed = ProblemBody.safeParse(json);
  if (!parsed.success) return new ApiProblem({ kind: 'problem', status, title: fallback, requestId: requestIdHeader });
  const { title, detail, code, errors, request_id } = parsed.data;
  return new ApiProblem({
    kind: 'problem', status, title: title || fallback, detail, code, errors, requestId: request_id ?? requestIdHeader,
  });
};

export const networkProblem = (cause: unknown): ApiProblem =>
  new ApiProblem({ kind: 'network', status: 0, title: 'No connection to the server', detail: 'Check your connection, then try again.', cause });

/** Any thrown thing as an ApiProblem, so that screens have one shape to show. A bug keeps its own message out of sight. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem({ kind: 'answer', status: 0, title: 'Something went wrong on this page', detail: 'Reload the page and try again.', cause: error });

/** True for the error an aborted call throws; it is not a failure to show. */
export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
