import { z } from 'zod';
import type { NodeContext, NodeInputs, Value } from '../../node-type.ts';
import { callForItems } from '../connector/call-connector.ts';
import { parametersOf } from './parameters-of.ts';

export const statementConfig = z.strictObject({
  /** One statement. What its templates evaluate to, and `values` for `$1` and so on, travel apart from it. */
  sql: z.string().max(20_000).default('').meta({ title: 'SQL', ui: { widget: 'code' } }),
  values: z.array(z.unknown()).max(1_000).default([]).meta({ title: 'Values', description: 'For $1, $2 and so on.', ui: { widget: 'code' } }),
  rowsMax: z.number().int().min(1).max(10_000).default(1_000).meta({ title: 'Rows at most' }),
  connector: z.enum(['postgres']).default('postgres').meta({ title: 'Database' }),
  connection: z.string().max(100).nullable().default(null).meta({ title: 'Connection' }),
  each: z.boolean().default(false).meta({ title: 'Once for each item' }),
});

/** Runs the statement of a step, once or for each item that comes in. */
export async function runStatementStep(context: NodeContext, config: z.output<typeof statementConfig>, inputs: NodeInputs, action: 'query' | 'execute'): Promise<Record<string, Value>> {
  const { sql, templates } = parametersOf(config.sql, config.values.length);
  const input = { sql, values: [...config.values, ...templates], rowsMax: config.rowsMax };
  return callForItems(context, { connector: config.connector, action, input, connection: config.connection, each: config.each }, inputs, action === 'query' ? 'read' : 'write');
}
