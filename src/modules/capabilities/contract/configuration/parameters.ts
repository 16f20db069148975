import { z } from 'zod';
import type { FlowParameterShape } from '../flow-shape.ts';
import type { UiHint } from '#platform/contract/ui-hint.ts';

/** What a parameter may be set to. */
export const ParameterValue = z.union([z.string().max(4000), z.number(), z.boolean(), z.array(z.string().max(200)).max(50)]);
export type ParameterValue = z.infer<typeof ParameterValue>;

/** How many parameters of one flow buyers may be offered; further ones stay as the flow has them. */
const PARAMETERS_OFFERED_MAX = 100;

/** Whether a parameter can be a key of the configuration. `constructor` is refused: every object already has one. */
export const isOfferableName = (name: string): boolean => /^[a-z][a-z0-9_]{0,79}$/.test(name) && name !== 'constructor';

/**
 * The fields of the parameters the seller exposed. Each is optional: what the buyer leaves out stays as the flow has it,
 * so the flow's value is shown as the default and not copied.
 */
export const parameterFields = (parameters: readonly FlowParameterShape[]): Readonly<Record<string, z.ZodType<ParameterValue | undefined>>> =>
  Object.fromEntries(parameters
    .filter(({ exposed, name }) => exposed && isOfferableName(name))
    .slice(0, PARAMETERS_OFFERED_MAX)
    .map((parameter) => [parameter.name, fieldOf(parameter)]));

const fieldOf = (parameter: FlowParameterShape) => {
  const value = valueOf(parameter);
  const own = value.safeParse(parameter.default);
  return value.optional().meta({
    title: parameter.title === '' ? parameter.name : parameter.title,
    description: parameter.description,
    ui: { widget: WIDGETS[parameter.kind] },
    ...(own.success ? { default: own.data } : {}),
  });
};

const valueOf = ({ kind, choices }: FlowParameterShape): z.ZodType<ParameterValue> => {
  switch (kind) {
    case 'text': return z.string().max(500);
    case 'long-text': return z.string().max(4000);
    case 'number': return z.number().min(-1e12).max(1e12);
    case 'boolean': return z.boolean();
    case 'choice': return choices.length > 0 ? z.enum([...new Set(choices)]) : z.string().max(500);
    case 'list': return z.array(z.string().max(200)).max(50);
  }
};

const WIDGETS: Record<FlowParameterShape['kind'], NonNullable<UiHint['widget']>> = {
  text: 'text', 'long-text': 'textarea', number: 'number', boolean: 'switch', choice: 'select', list: 'tags',
};
