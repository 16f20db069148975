import type { Category } from '#modules/capabilities/contract.ts';

/** What each kind of product is, in words for a seller who has to choose. */
export const CATEGORY_WORDS: Readonly<Record<Category, { description: string; kinds: Readonly<Record<string, { title: string; description: string }>> }>> = {
  agent: {
    description: 'Talks with people, knows the context and works towards a goal: support, sales, research.',
    kinds: {
      single: { title: 'Single agent', description: 'One agent does the whole job.' },
      multi: { title: 'Multi-agent', description: 'Several agents with roles of their own.' },
      swarm: { title: 'Swarm', description: 'Many alike agents share the work.' },
      orchestrator: { title: 'Orchestrator', description: 'One agent plans and hands out tasks.' },
    },
  },
  app: {
    description: 'Brings AI into the tools people already use, with actions of its own.',
    kinds: {
      agentic: { title: 'Agentic app', description: 'Decides itself which steps to take.' },
      tool: { title: 'Tool', description: 'Does one thing well, on request.' },
      connector: { title: 'Connector', description: 'Links two systems.' },
      integration: { title: 'Integration', description: 'Lives inside another product.' },
    },
  },
  assistant: {
    description: 'Helps people write, find out, draw or decide; shaped by its output.',
    kinds: {
      writer: { title: 'Writer', description: 'Texts: posts, e-mails, summaries.' },
      image: { title: 'Image', description: 'Pictures from a description.' },
      voice: { title: 'Voice', description: 'Speech in or out.' },
      video: { title: 'Video', description: 'Moving pictures.' },
      code: { title: 'Code', description: 'Writes and explains code.' },
      data: { title: 'Data', description: 'Tables, figures, reports.' },
      general: { title: 'General', description: 'Answers from the buyer’s own documents.' },
    },
  },
  automation: {
    description: 'Runs by a schedule or an event, without anybody asking.',
    kinds: {
      workflow: { title: 'Workflow', description: 'A chain of steps with branches.' },
      scheduled: { title: 'Scheduled', description: 'Runs by the clock.' },
      triggered: { title: 'Triggered', description: 'Runs when something happens.' },
      hybrid: { title: 'Hybrid', description: 'By the clock and by events.' },
    },
  },
};

/** `multi` as `Multi-agent`. */
export const kindTitle = (category: Category, kind: string): string => CATEGORY_WORDS[category].kinds[kind]?.title ?? kind;
