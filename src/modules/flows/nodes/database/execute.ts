import { defineNode } from '../define-node.ts';
import { runStatementStep, statementConfig } from './run-statement.ts';

export const databaseExecute = defineNode({
  type: 'database.execute',
  title: 'Change a database',
  description: 'Runs one statement that may change rows, with the connection bound to the run.',
  family: 'database',
  effect: true,
  expressions: true,
  config: statementConfig,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'result' }, { name: 'text' }],
  run: async (context, config, inputs) => runStatementStep(context, config, inputs, 'execute'),
});
