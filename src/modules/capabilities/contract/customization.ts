import { z } from 'zod';
import { count, flag } from './leaves.ts';

const whenOn = { when: { path: 'enabled', equals: true } };
const optionsMeta = { title: 'Buyers may set', description: 'Only what you tick here appears in the buyer’s forms.', ui: whenOn };

/**
 * The short form of knowledge. It is accepted everywhere and folded into `rag`, which decides; after normalizing it
 * mirrors `rag`, so that readers of either form see the same.
 */
export const KnowledgeCapabilities = z.strictObject({
  enabled: flag('Let buyers add knowledge', 'Buyers train your product on their own content.'),
  sources: z.strictObject({
    documents: flag('Documents', 'PDF, Word, text and similar files.'),
    websites: flag('Websites', 'Pages read from the buyer’s addresses.'),
    databases: flag('Databases', 'Tables of a connected database.'),
    apis: flag('APIs', 'Data fetched from another service.'),
    qaFiles: flag('Question and answer files', 'Lists of questions with their answers.'),
  }).prefault({}).meta({ title: 'Sources', description: 'What buyers may add.', ui: whenOn }),
  limits: z.strictObject({
    maxDocuments: count({ min: 0, max: 100_000, fallback: 50 }, 'Documents', 'Most documents a buyer may keep.'),
    maxSizeMB: count({ min: 0, max: 1_000_000, fallback: 500 }, 'Total size', 'Most storage for all documents together.', { unit: 'MB' }),
    maxUrls: count({ min: 0, max: 100_000, fallback: 100 }, 'Web addresses', 'Most pages read from websites.'),
  }).prefault({}).meta({ title: 'Limits', description: 'How much buyers may add.', ui: whenOn }),
});

export const PersonaCapabilities = z.strictObject({
  enabled: flag('Let buyers shape the persona', 'Buyers decide how your product presents itself.'),
  options: z.strictObject({
    name: flag('Name', 'The name and role it introduces itself with.'),
    avatar: flag('Avatar', 'The picture shown beside its messages.'),
    tone: flag('Tone', 'Formal, casual, friendly or professional.'),
    language: flag('Language', 'The language it answers in.'),
    instructions: flag('Instructions', 'Additional instructions in the buyer’s own words.'),
    boundaries: flag('Boundaries', 'Topics it must stay away from.'),
  }).prefault({}).meta(optionsMeta),
});

export const ConversationCapabilities = z.strictObject({
  enabled: flag('Let buyers write the messages', 'Buyers set the standing messages of a conversation.'),
  options: z.strictObject({
    welcomeMessage: flag('Welcome message', 'The first thing people read.'),
    welcomeVariants: flag('Welcome variants', 'Several greetings, one picked at random.'),
    suggestedPrompts: flag('Suggested prompts', 'Questions people can start with.'),
    fallbackMessage: flag('Fallback message', 'What it says when it has no answer.'),
    handoffMessage: flag('Hand-off message', 'What it says when a person takes over.'),
    exitMessage: flag('Exit message', 'What it says at the end.'),
    feedbackRequest: flag('Feedback request', 'Ask people to rate the conversation.'),
  }).prefault({}).meta(optionsMeta),
});

export const BrandingCapabilities = z.strictObject({
  enabled: flag('Let buyers brand it', 'Your product appears in the buyer’s look.'),
  options: z.strictObject({
    logo: flag('Logo', 'Company name, tagline, logo and brand voice.'),
    colors: flag('Colours', 'Primary and accent colour.'),
    fonts: flag('Fonts', 'The typeface of the widget and pages.'),
    customCSS: flag('Custom CSS', 'Style rules of the buyer’s own.'),
  }).prefault({}).meta(optionsMeta),
});

export const WorkflowOptionCapabilities = z.strictObject({
  enabled: flag('Let buyers adjust the workflow', 'Buyers decide when and with what the workflow runs.'),
  options: z.strictObject({
    triggers: flag('Triggers', 'What starts a run.'),
    schedule: flag('Schedule', 'When it runs by itself.'),
    conditions: flag('Conditions', 'Under which circumstances steps happen.'),
    actions: flag('Actions', 'What happens with the result.'),
    variables: flag('Variables', 'Values used by the steps.'),
    secrets: flag('Secrets', 'Credentials, stored encrypted.'),
  }).prefault({}).meta(optionsMeta),
});

export const OutputCapabilities = z.strictObject({
  enabled: flag('Let buyers shape the output', 'Buyers decide what the created content looks like.'),
  options: z.strictObject({
    format: flag('Format', 'Markdown, plain text, HTML or JSON.'),
    quality: flag('Quality', 'Speed against care.'),
    style: flag('Style', 'Style presets and length.'),
    templates: flag('Templates', 'A pattern every output follows.'),
  }).prefault({}).meta(optionsMeta),
});
