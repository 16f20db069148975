import { section } from './section.ts';
import { choice, longText, onOff } from './values.ts';

export const OUTPUT_FORMATS = ['markdown', 'plain', 'html', 'json'] as const;
export const OUTPUT_LENGTHS = ['short', 'medium', 'long'] as const;
export const OUTPUT_QUALITIES = ['fast', 'balanced', 'best'] as const;
export const OUTPUT_STYLES = ['default', 'concise', 'detailed', 'persuasive', 'storytelling', 'technical'] as const;

export const output = section({
  key: 'output',
  title: 'Output',
  description: 'What created content looks like.',
  fields: {
    format: choice(OUTPUT_FORMATS, 'Format', 'The form content is delivered in.'),
    length: choice(OUTPUT_LENGTHS, 'Length', 'How long content is.'),
    quality: choice(OUTPUT_QUALITIES, 'Quality', 'Speed against care.'),
    style: choice(OUTPUT_STYLES, 'Style', 'How content is written.'),
    template: longText(4000, 'Template', 'A pattern every piece of content follows.', { widget: 'markdown' }),
    autoSave: onOff('Save drafts', 'What you create is saved as you go.'),
  },
  initial: () => ({
    format: 'markdown' as const, length: 'medium' as const, quality: 'balanced' as const, style: 'default' as const, template: '', autoSave: true,
  }),
  open: ({ configuration: { output: { enabled, options } } }) => ({
    format: enabled && options.format,
    length: enabled && options.style,
    quality: enabled && options.quality,
    style: enabled && options.style,
    template: enabled && options.templates,
    autoSave: enabled,
  }),
});
