import { section } from './section.ts';
import { choice, image, language, longText, text } from './values.ts';

/** `default` leaves the tone to the product. */
export const TONES = ['default', 'professional', 'friendly', 'casual', 'formal'] as const;

export const persona = section({
  key: 'persona',
  title: 'Persona',
  description: 'Who your product is when it talks to people.',
  fields: {
    name: text(80, 'Name', 'The name it introduces itself with.', { placeholder: 'Support Assistant', columns: 2 }),
    role: text(120, 'Role', 'What it is for, in a few words.', { placeholder: 'Customer support specialist', columns: 2 }),
    avatar: image('Avatar', 'The picture beside its messages.'),
    tone: choice(TONES, 'Tone', 'How it sounds.', { columns: 2 }),
    language: language('Language', 'The language it answers in; auto follows the person who writes.', { columns: 2 }),
    instructions: longText(4000, 'Instructions', 'What it should know about you and how it should behave. Added to the instructions it came with.'),
    boundaries: longText(2000, 'Boundaries', 'What it must not do or talk about.'),
  },
  initial: () => ({ name: '', role: '', avatar: '', tone: 'default' as const, language: 'auto', instructions: '', boundaries: '' }),
  open: ({ configuration: { persona: { enabled, options } } }) => ({
    name: enabled && options.name,
    role: enabled && options.name,
    avatar: enabled && options.avatar,
    tone: enabled && options.tone,
    language: enabled && options.language,
    instructions: enabled && options.instructions,
    boundaries: enabled && options.boundaries,
  }),
});
