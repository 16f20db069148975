/** Flows to start a product from instead of importing a file, as the wizard offers them. */
export const FLOW_TEMPLATES = [
  { key: 'blank', title: 'Blank', description: 'A person writes, a language model answers.' },
  { key: 'customer-support', title: 'Customer support', description: 'Answers customers from the buyer’s documents, in the buyer’s voice.' },
  { key: 'sales-assistant', title: 'Sales assistant', description: 'Finds out what a visitor needs and presents what fits.' },
  { key: 'faq-bot', title: 'FAQ bot', description: 'Short answers from the buyer’s questions and answers, and nothing else.' },
] as const;

export type FlowTemplateKey = (typeof FLOW_TEMPLATES)[number]['key'];
