export const NODE_ERROR_CODES = [
  'node-unsupported', 'node-input-missing', 'node-input-invalid', 'node-config-invalid', 'node-output-invalid', 'node-http-failed',
  'node-connection-missing', 'node-expression-invalid', 'node-code-failed', 'node-flow-failed', 'node-limit', 'node-stopped',
] as const;
export type NodeErrorCode = (typeof NODE_ERROR_CODES)[number];

/** A node cannot do its work for a reason a person can understand and act on. The message goes into the trace. */
export class NodeError extends Error {
  readonly code: NodeErrorCode;
  constructor(code: NodeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'NodeError';
    this.code = code;
  }
}
