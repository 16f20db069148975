import { isRecord, readText } from '../plain.ts';
import { columns, inputOf, rowsAt } from './apps/app-mapping.ts';
import { unsupported } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { statementOf } from './statement.ts';
import { StepBuilder } from './step-builder.ts';
import { toolArguments, toolDescription, toolName } from './tool-settings.ts';

/** Databases that speak the protocol of PostgreSQL; others have no connector. */
const POSTGRES: ReadonlySet<string> = new Set(['base.postgres', 'base.crateDb', 'base.timescaleDb', 'base.questDb']);

/** A table as it is written in a statement. */
function tableOf(step: StepBuilder): string {
  const schema = step.fixed('schema');
  const table = step.fixed('table');
  return schema === '' || schema === 'public' ? table : `${schema}.${table}`;
}

const quoted = (name: string): string => name.split('.').map((part) => `"${part.replaceAll('"', '""')}"`).join('.');

/** A database step: statements as they are written, and rows that are added, read, changed or deleted. */
export const mapDatabase: Mapper = (node, context) => {
  if (!POSTGRES.has(node.kind)) return unsupported(`There is no connector for ${node.kind.split('.')[1] ?? 'this database'}.`, 'PostgreSQL, or the database’s own interface over HTTP.', 'database');
  const step = new StepBuilder(node, context, node.isTool ? { fromAi: ({ name }) => `item[${JSON.stringify(name)}]` } : {});
  const call = callOf(step);
  if (call === null) return unsupported(`“${step.fixed('operation')}” of this database is not available here.`, 'A statement of its own.', 'postgres');
  step.connection('postgres', 'PostgreSQL');
  const base = { connector: 'postgres', ...call };
  if (node.isTool) {
    step.add('connector.tool', { ...base, name: toolName(step), description: toolDescription(step, call.action === 'query' ? 'Runs a SELECT on the database.' : 'Works on the database.'), parameters: call.input['sql'] === undefined && call.action === 'query' ? null : toolArguments(step) });
    return step.fragment({ mappedTo: 'connector.tool', offers: { node: node.id, port: 'tool' } });
  }
  const type = call.action === 'query' ? 'connector.query' : 'connector.action';
  step.add(type, { ...base, each: context.incoming(node.id).length > 0 && !node.executeOnce });
  return step.fragment({ mappedTo: type, inputPort: 'input', outputPort: 'result' });
};

function callOf(step: StepBuilder): { action: string; input: Record<string, unknown> } | null {
  const operation = step.fixed('operation') || (step.node.isTool ? 'select' : 'insert');
  switch (operation) {
    case 'executeQuery': return statement(step);
    case 'insert': return { action: 'insert', input: { ...(tableOf(step) === '' ? {} : { table: tableOf(step) }), row: rowOf(step) } };
    case 'select': {
      const table = tableOf(step);
      const where = rowsAt(step, 'where.values');
      if (table === '') return step.node.isTool ? { action: 'query', input: {} } : null;
      const tests = where.map((row, index) => `${quoted(readText(row, 'column') ?? '')} ${signOf(row)} $${index + 1}`).join(step.fixed('combineConditions') === 'OR' ? ' OR ' : ' AND ');
      const limit = step.flag('returnAll') ? '' : ` LIMIT ${Math.max(1, Math.round(step.number('limit') ?? 50))}`;
      return { action: 'query', input: { sql: `SELECT * FROM ${quoted(table)}${tests === '' ? '' : ` WHERE ${tests}`}${limit}`, ...(where.length === 0 ? {} : { values: where.map((row) => step.value(row['value'])) }) } };
    }
    case 'update': case 'upsert': return changing(step, operation);
    case 'deleteTable': {
      const where = rowsAt(step, 'where.values');
      if (step.fixed('deleteCommand') !== 'delete' || where.length === 0) return null;
      return { action: 'execute', input: { sql: `DELETE FROM ${quoted(tableOf(step))} WHERE ${where.map((row, index) => `${quoted(readText(row, 'column') ?? '')} ${signOf(row)} $${index + 1}`).join(' AND ')}`, values: where.map((row) => step.value(row['value'])) } };
    }
    default: return null;
  }
}

/** A statement as the author wrote it; what it takes from items travels apart from it. */
function statement(step: StepBuilder): { action: string; input: Record<string, unknown> } | null {
  const written = step.text('query');
  const given = step.raw('options.queryReplacement');
  const listed = typeof given === 'string' && given !== '' ? [`{{ String(${step.expression(given)}).split(",").map(v => v.trim()) }}`] : [];
  const apart = statementOf(written);
  const reads = /^\s*(?:select|with|show|explain)\b/i.test(written) && !/\b(?:insert|update|delete|drop|alter|create|truncate)\b/i.test(written);
  // A whole statement may only come from the model of an agent, which then gives it to a connection that can only read.
  if (apart === null) return step.node.isTool ? { action: 'query', input: {} } : null;
  if (apart.values.length > 0 && listed.length > 0) return null;
  return { action: reads ? 'query' : 'execute', input: { ...(apart.sql.trim() === '' ? {} : { sql: apart.sql }), ...(apart.values.length > 0 ? { values: apart.values } : listed.length > 0 ? { values: listed[0] } : {}) } };
}

const SIGNS: ReadonlyMap<string, string> = new Map([['equal', '='], ['!=', '<>'], ['LIKE', 'LIKE'], ['>', '>'], ['<', '<'], ['>=', '>='], ['<=', '<=']]);
const signOf = (row: Record<string, unknown>): string => SIGNS.get(readText(row, 'condition') ?? 'equal') ?? '=';

function changing(step: StepBuilder, operation: 'update' | 'upsert'): { action: string; input: Record<string, unknown> } | null {
  const raw = step.raw('columns.value');
  const keys = (step.raw('columns.matchingColumns'));
  const matching = Array.isArray(keys) ? keys.filter((one): one is string => typeof one === 'string') : [];
  if (!isRecord(raw) || matching.length === 0 || tableOf(step) === '') return null;
  const names = Object.keys(raw);
  const changed = names.filter((name) => !matching.includes(name));
  const values = names.map((name) => step.value(raw[name]));
  const place = (name: string): string => `$${names.indexOf(name) + 1}`;
  if (operation === 'upsert') {
    return { action: 'execute', input: { sql: `INSERT INTO ${quoted(tableOf(step))} (${names.map(quoted).join(', ')}) VALUES (${names.map(place).join(', ')}) ON CONFLICT (${matching.map(quoted).join(', ')}) DO ${changed.length === 0 ? 'NOTHING' : `UPDATE SET ${changed.map((name) => `${quoted(name)} = ${place(name)}`).join(', ')}`} RETURNING *`, values } };
  }
  return { action: 'execute', input: { sql: `UPDATE ${quoted(tableOf(step))} SET ${changed.map((name) => `${quoted(name)} = ${place(name)}`).join(', ')} WHERE ${matching.map((name) => `${quoted(name)} = ${place(name)}`).join(' AND ')} RETURNING *`, values } };
}

/** The row to add: written out, the whole item, or the item's fields of the listed columns. */
function rowOf(step: StepBuilder): unknown {
  const names = typeof step.raw('columns') === 'string' ? step.fixed('columns').split(',').map((name) => name.trim()).filter((name) => name !== '') : [];
  if (names.length > 0) return Object.fromEntries(names.map((name) => [name, `{{ item[${JSON.stringify(name)}] }}`]));
  return inputOf(step, { row: columns })['row'] ?? '{{ item }}';
}

