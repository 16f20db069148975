import type { EffectiveConfiguration } from './contract/configuration/configuration.ts';
import type { ParameterValue } from './contract/configuration/parameters.ts';
import type { FlowParameterShape } from './contract/flow-shape.ts';

/**
 * The values a run gives to the parameters of its flow. Per parameter, the first that exists: what the buyer set for an
 * exposed parameter; what the buyer set elsewhere under the same meaning (`persona_name` is the persona's name); else
 * the parameter is left out and the flow keeps its own value.
 */
export const parameterValues = (parameters: readonly FlowParameterShape[], configuration: EffectiveConfiguration): Readonly<Record<string, ParameterValue>> =>
  Object.fromEntries(parameters.flatMap(({ name, exposed, kind }) => {
    const own = exposed && Object.hasOwn(configuration.parameters, name) ? configuration.parameters[name] : undefined;
    const value = own ?? (kind === 'text' || kind === 'long-text' ? sameMeaning(name, configuration) : undefined);
    return value === undefined ? [] : [[name, value]];
  }));

/** Parameter names whose meaning the configuration already has a field for. */
const sameMeaning = (name: string, { persona, branding }: EffectiveConfiguration): string | undefined => {
  const value = (() => {
    switch (name) {
      case 'persona_name': return persona.name;
      case 'persona_role': return persona.role;
      case 'brand_name': case 'company_name': return branding.companyName;
      case 'brand_tagline': return branding.tagline;
      case 'brand_voice': return branding.voice;
      default: return '';
    }
  })();
  return value === '' ? undefined : value;
};
