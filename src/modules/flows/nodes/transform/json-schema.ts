import { z } from 'zod';
import { NodeError } from '../node-error.ts';
import { isRow } from '../values.ts';

const DEPTH_MAX = 20;
const NODES_MAX = 2_000;

/**
 * A check for a seller's JSON Schema: null when data fits, else what is wrong. References and regular expressions are
 * left out of the check, because they come from a file and could point elsewhere or never end.
 */
export function validatorFor(schema: Record<string, unknown>): (data: unknown) => string | null {
  const budget = { nodes: NODES_MAX };
  const bounded = withoutTraps(schema, DEPTH_MAX, budget);
  let checker: z.ZodType;
  try {
    checker = z.fromJSONSchema(isRow(bounded) ? bounded : {});
  } catch (error) {
    throw new NodeError('node-config-invalid', 'The JSON Schema of the output cannot be used.', { cause: error });
  }
  return (data) => {
    const result = checker.safeParse(data);
    return result.success ? null : z.prettifyError(result.error).replaceAll('\n', '; ').slice(0, 1_000);
  };
}

const TRAPS = new Set(['$ref', '$dynamicRef', '$defs', 'definitions', 'pattern', 'patternProperties', 'propertyNames', '__proto__']);

function withoutTraps(value: unknown, depth: number, budget: { nodes: number }): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0 || --budget.nodes < 0) throw new NodeError('node-config-invalid', 'The JSON Schema of the output is too large.');
  if (Array.isArray(value)) return value.map((item) => withoutTraps(item, depth - 1, budget));
  return Object.fromEntries(Object.entries(value).filter(([key]) => !TRAPS.has(key)).map(([key, item]) => [key, withoutTraps(item, depth - 1, budget)]));
}
