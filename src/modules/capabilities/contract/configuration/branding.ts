import { section } from './section.ts';
import { choice, color, css, image, text } from './values.ts';

/** Typefaces that need no font service. */
export const FONTS = ['default', 'system', 'inter', 'serif', 'rounded', 'monospace'] as const;

export const branding = section({
  key: 'branding',
  title: 'Branding',
  description: 'Your company’s name and look.',
  fields: {
    companyName: text(120, 'Company name', 'How your product refers to your company.', { columns: 2 }),
    tagline: text(160, 'Tagline', 'One line about what you do.', { columns: 2 }),
    logo: image('Logo', 'Shown in the widget and on the chat page.'),
    primaryColor: color('Primary colour', 'Buttons and your visitors’ messages.', { columns: 2 }),
    accentColor: color('Accent colour', 'Links and highlights.', { columns: 2 }),
    font: choice(FONTS, 'Font', 'The typeface of the widget and chat page.'),
    customCss: css('Custom CSS', 'Style rules for the widget.', { advanced: true }),
    voice: text(300, 'Brand voice', 'How your brand speaks, in a few words.', { placeholder: 'warm, short sentences, no jargon' }),
  },
  initial: () => ({ companyName: '', tagline: '', logo: '', primaryColor: '', accentColor: '', font: 'default' as const, customCss: '', voice: '' }),
  open: ({ configuration: { branding: { enabled, options } } }) => ({
    companyName: enabled,
    tagline: enabled,
    logo: enabled && options.logo,
    primaryColor: enabled && options.colors,
    accentColor: enabled && options.colors,
    font: enabled && options.fonts,
    customCss: enabled && options.customCSS,
    voice: enabled,
  }),
});
