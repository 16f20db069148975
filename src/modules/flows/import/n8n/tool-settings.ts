import { oneLine } from '../plain.ts';
import type { StepBuilder } from './step-builder.ts';

/** What a step says about itself to the model of an agent. */

/** The name models call it by: letters, digits and underscores. */
export const toolName = (step: StepBuilder): string => {
  const written = step.fixed('name') || step.fixed('toolName') || step.node.name;
  return written.replace(/[^a-zA-Z0-9_-]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 60) || 'tool';
};

export const toolDescription = (step: StepBuilder, usual: string): string =>
  (step.text('toolDescription') || step.text('descriptionForAI') || step.text('description') || usual).slice(0, 2_000);

const TYPES: ReadonlyMap<string, string> = new Map([['string', 'string'], ['number', 'number'], ['boolean', 'boolean'], ['json', 'object'], ['object', 'object'], ['array', 'array']]);

/** JSON Schema of the arguments that `$fromAI` asked for; null where it asked for none. */
export function toolArguments(step: StepBuilder): Record<string, unknown> | null {
  const given = [...step.arguments.values()];
  if (given.length === 0) return null;
  return {
    type: 'object',
    properties: Object.fromEntries(given.map(({ name, description, type, fallback }) => [name, {
      type: TYPES.get(type.toLowerCase()) ?? 'string', ...(description === '' ? {} : { description: oneLine(description, 1_000) }), ...(fallback === undefined ? {} : { default: fallback }),
    }])),
    required: given.filter(({ fallback }) => fallback === undefined).map(({ name }) => name),
  };
}
