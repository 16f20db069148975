import { defineNode } from '../define-node.ts';
import { callForItems, stepConfig } from './call-connector.ts';

export const connectorAction = defineNode({
  type: 'connector.action',
  title: 'Do something in another system',
  description: 'Runs an action of a connector that may change something there, with the connection bound to the run.',
  family: 'connector',
  effect: true,
  expressions: true,
  config: stepConfig,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'result' }, { name: 'text' }],
  run: async (context, config, inputs) => callForItems(context, config, inputs, 'write'),
});
