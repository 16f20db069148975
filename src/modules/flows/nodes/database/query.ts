import { defineNode } from '../define-node.ts';
import { runStatementStep, statementConfig } from './run-statement.ts';

export const databaseQuery = defineNode({
  type: 'database.query',
  title: 'Query a database',
  description: 'Reads rows with one SELECT, in a transaction that can only read, with the connection bound to the run.',
  family: 'database',
  calls: true,
  expressions: true,
  config: statementConfig,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'result' }, { name: 'text' }],
  run: async (context, config, inputs) => runStatementStep(context, config, inputs, 'query'),
});
