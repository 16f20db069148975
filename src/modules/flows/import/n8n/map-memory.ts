import type { Mapper } from './mapper.ts';
import { passBecause } from './map-flow.ts';
import { addItems } from './our-steps.ts';
import { StepBuilder } from './step-builder.ts';

/** Reads the conversation; writing and deleting are the platform's business. */
export const mapMemoryManager: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const mode = step.fixed('mode') || 'load';
  if (mode !== 'load') return passBecause('The platform keeps every message of the conversation by itself; nothing is written or deleted here.')(node, context);
  const history = step.add('memory.history', { template: '{sender_name}: {text}' }, 'history', 'history');
  const item = addItems(step, { messages: `{{ steps[${JSON.stringify(history)}].text.split("\\n").filter(line => line != "").map(line => (line.startsWith("AI: ") ? {ai: line.slice(4)} : {human: line.replace("User: ", "")})) }}` });
  step.approximate('Each line of the conversation is one message; a message of several lines counts as several.');
  return step.fragment({ mappedTo: 'memory.history', input: () => ({ node: item.node, port: item.input }), outputPort: item.output });
};
