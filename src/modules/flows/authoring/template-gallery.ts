import type { ImportReport } from '../contract.ts';
import { FLOW_TEMPLATES } from '../template-contract.ts';
import { flowTemplate, type FlowTemplate } from '../templates.ts';
import type { FlowTemplateCard } from './contract.ts';
import { sampleTemplates } from './sample-templates.ts';

/** Everything a product may start from, general ones first. */
export async function templateGallery(): Promise<FlowTemplateCard[]> {
  const general = FLOW_TEMPLATES.flatMap(({ key, title, description }): FlowTemplateCard[] => {
    const template = flowTemplate(key);
    return template ? [{ key, title, description, logo: null, category: null, ...factsOf(template.report) }] : [];
  });
  const samples = (await sampleTemplates()).map(({ key, title, description, logo, category, report }): FlowTemplateCard => ({ key, title, description, logo, category, ...factsOf(report) }));
  return [...general, ...samples];
}

/** The flow of a template of either kind; null when there is none of that name. */
export async function findTemplate(key: string): Promise<FlowTemplate | null> {
  return flowTemplate(key) ?? (await sampleTemplates()).find((template) => template.key === key) ?? null;
}

const factsOf = ({ nodes, requires, traits, parameters }: ImportReport): Pick<FlowTemplateCard, 'steps' | 'needs' | 'parameters'> => ({
  steps: nodes.total,
  needs: [
    ...(traits.knowledge ? ['Documents of the buyer'] : []),
    ...requires.connections.map((name) => `A connection to ${name}`), ...requires.secrets.map((name) => `The credential ${name}`), ...requires.mcpServers.map((name) => `The MCP server ${name}`),
  ],
  parameters: parameters.filter(({ exposed }) => exposed).map(({ title, name }) => title || name),
});
