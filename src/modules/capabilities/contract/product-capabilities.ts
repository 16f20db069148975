import { z } from 'zod';
import { AnalyticsCapabilities } from './analytics.ts';
import {
  BrandingCapabilities, ConversationCapabilities, KnowledgeCapabilities, OutputCapabilities, PersonaCapabilities,
  WorkflowOptionCapabilities,
} from './customization.ts';
import { InterfaceCapabilities } from './interfaces.ts';
import { anyOf } from './leaves.ts';
import { RagCapabilities } from './rag.ts';
import { Category } from '../category-contract.ts';
import { RuntimeCapabilities } from './runtime.ts';
import { WorkflowCapabilities } from './workflow-advanced.ts';

export { CATEGORIES, Category } from '../category-contract.ts';

export const SUBCATEGORIES = {
  agent: ['single', 'multi', 'swarm', 'orchestrator'],
  app: ['agentic', 'tool', 'connector', 'integration'],
  assistant: ['writer', 'image', 'voice', 'video', 'code', 'data', 'general'],
  automation: ['workflow', 'scheduled', 'triggered', 'hybrid'],
} as const satisfies Record<Category, readonly string[]>;
export type Subcategory = (typeof SUBCATEGORIES)[Category][number];

export const TAGS = ['sales', 'marketing', 'support', 'hr', 'finance', 'ops', 'dev', 'general'] as const;

const kindOf = <const T extends readonly [string, ...string[]]>(values: T, title: string) =>
  z.enum(values).optional().meta({ title, description: 'A closer description within the category.', ui: { widget: 'select' } });

const ConfigurationCapabilities = z.strictObject({
  knowledge: KnowledgeCapabilities.prefault({}).meta({ title: 'Knowledge', description: 'Short form of the knowledge block below.', ui: { widget: 'hidden' } }),
  persona: PersonaCapabilities.prefault({}).meta({ title: 'Persona', description: 'How it presents itself.' }),
  conversation: ConversationCapabilities.prefault({}).meta({ title: 'Conversation', description: 'Its standing messages.' }),
  branding: BrandingCapabilities.prefault({}).meta({ title: 'Branding', description: 'The buyer’s look.' }),
  workflow: WorkflowOptionCapabilities.prefault({}).meta({ title: 'Workflow', description: 'When and with what it runs.' }),
  output: OutputCapabilities.prefault({}).meta({ title: 'Output', description: 'What created content looks like.' }),
  rag: RagCapabilities.prefault({}).meta({ title: 'Knowledge', description: 'Answers from the buyer’s own content.' }),
  workflowAdvanced: WorkflowCapabilities.prefault({}).meta({ title: 'Advanced workflow', description: 'Triggers, flow control, actions, data and monitoring.', ui: { advanced: true } }),
});

/**
 * Everything a product can do, complete: the one declaration that drives the seller's editor, the buyer's screens, what
 * the API accepts, what the runtime provisions and what is billed. Every leaf but `category` has a default, and the
 * default grants nothing. Unknown keys are refused. To read a seller's shorter declaration use `withCategoryDefaults`;
 * to read the short forms of knowledge and workflow use `normalizeCapabilities`.
 */
export const ProductCapabilities = z.strictObject({
  category: Category,
  subcategory: z.strictObject({
    agent: kindOf(SUBCATEGORIES.agent, 'Kind of agent'),
    app: kindOf(SUBCATEGORIES.app, 'Kind of app'),
    assistant: kindOf(SUBCATEGORIES.assistant, 'Kind of assistant'),
    automation: kindOf(SUBCATEGORIES.automation, 'Kind of automation'),
  }).prefault({}).meta({ title: 'Kind', description: 'A closer description within the category.' }),
  tags: anyOf(TAGS, [], 'Departments', 'Who this is for.'),
  interfaces: InterfaceCapabilities.prefault({}).meta({ title: 'Interfaces', description: 'How people and programs use your product.' }),
  configuration: ConfigurationCapabilities.prefault({}).meta({ title: 'Buyer configuration', description: 'What buyers may make their own.' }),
  analytics: AnalyticsCapabilities.prefault({}).meta({ title: 'Analytics', description: 'What buyers see about its use.' }),
  runtime: RuntimeCapabilities.prefault({}).meta({ title: 'Runtime', description: 'What it needs in order to run.' }),
});
export type ProductCapabilities = z.infer<typeof ProductCapabilities>;

/** The subcategory that belongs to the product's own category; null where none is stated. */
export const subcategoryOf = (capabilities: ProductCapabilities): Subcategory | null =>
  capabilities.subcategory[capabilities.category] ?? null;
