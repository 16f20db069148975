import { expect, test } from 'vitest';
import { withCategoryDefaults } from './category-defaults.ts';
import { effectiveConfiguration } from './contract/configuration/configuration-schema.ts';
import type { FlowParameterShape } from './contract/flow-shape.ts';
import { parameterValues } from './parameter-values.ts';

const parameter = (name: string, exposed = true, kind: FlowParameterShape['kind'] = 'text'): FlowParameterShape =>
  ({ name, title: name, description: '', kind, choices: [], default: 'of the flow', node: 'n1', exposed });
const agent = withCategoryDefaults('agent', 'single', {});

test('a parameter takes what was set for it, else what was set under the same meaning, else nothing', () => {
  const parameters = [parameter('persona_name'), parameter('persona_role', false), parameter('brand_name'), parameter('brand_voice'), parameter('depth', true, 'number')];
  const configuration = effectiveConfiguration(agent, parameters, {
    persona: { name: 'Ada', role: 'Helper' }, branding: { companyName: 'Acme', voice: 'warm' }, parameters: { brand_voice: 'cool' },
  });
  expect(parameterValues(parameters, configuration)).toEqual({ persona_name: 'Ada', persona_role: 'Helper', brand_name: 'Acme', brand_voice: 'cool' });
});

test('a parameter that is not exposed cannot be set directly', () => {
  const parameters = [parameter('secret_prompt', false)];
  expect(parameterValues(parameters, effectiveConfiguration(agent, parameters, { parameters: { secret_prompt: 'mine' } }))).toEqual({});
});
