export type OutsideErrorCode = 'connection-missing' | 'input-invalid' | 'call-failed';

/** A call to another system could not be made or was refused. The message may be shown: it is bounded and holds no secret. */
export class OutsideError extends Error {
  readonly code: OutsideErrorCode;
  /** The HTTP status the other system answered with; null where there was no answer. */
  readonly status: number | null;
  constructor(code: OutsideErrorCode, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'OutsideError';
    this.code = code;
    this.status = options.status ?? null;
  }
}
