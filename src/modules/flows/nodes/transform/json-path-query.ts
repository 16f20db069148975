import { compileJsonPath } from '#platform/json/json-path.ts';
import { JsonPathError } from '#platform/json/json-path-syntax.ts';
import { NodeError } from '../node-error.ts';

/** Every value a JSONPath (RFC 9535) finds in plain data, in document order. Throws NodeError for a wrong path and past the limits of work. */
export function queryJsonPath(path: string, data: unknown): readonly unknown[] {
  try {
    return compileJsonPath(path).find(data);
  } catch (error) {
    throw error instanceof JsonPathError ? new NodeError(error.kind === 'limit' ? 'node-limit' : 'node-config-invalid', error.message, { cause: error }) : error;
  }
}
