import { defineNode } from '../define-node.ts';
import { callForItems, stepConfig } from './call-connector.ts';

export const connectorQuery = defineNode({
  type: 'connector.query',
  title: 'Ask another system',
  description: 'Runs an action of a connector that only reads, with the connection bound to the run.',
  family: 'connector',
  calls: true,
  expressions: true,
  config: stepConfig,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'result' }, { name: 'text' }],
  run: async (context, config, inputs) => callForItems(context, config, inputs, 'read'),
});
