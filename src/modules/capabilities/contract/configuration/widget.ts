import { z } from 'zod';
import { WIDGET_TYPES } from '../interfaces.ts';
import { section } from './section.ts';
import { choice, color, hosts, image, longText, onOff, text } from './values.ts';

export const WIDGET_THEMES = ['light', 'dark', 'auto', 'custom'] as const;
export const WIDGET_POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left'] as const;
export const WIDGET_SIZES = ['small', 'medium', 'large'] as const;

const typesOf = (types: z.ZodType<(typeof WIDGET_TYPES)[number]>) => z.array(types).min(1).max(WIDGET_TYPES.length);

export const widget = section({
  key: 'widget',
  title: 'Widget',
  description: 'How it looks and behaves on your site.',
  fields: {
    types: typesOf(z.enum(WIDGET_TYPES)).meta({ title: 'Widget types', description: 'The shapes you embed.', ui: { widget: 'chips' } }),
    theme: choice(WIDGET_THEMES, 'Theme', 'Light, dark, as the visitor’s device, or your own colours.'),
    primaryColor: color('Colour', 'Empty uses the colour of your branding.'),
    position: choice(WIDGET_POSITIONS, 'Position', 'The corner it sits in.'),
    size: choice(WIDGET_SIZES, 'Size', 'How large it opens.'),
    avatar: image('Avatar', 'The picture beside its messages; empty uses the persona’s.'),
    launcher: z.strictObject({
      label: text(40, 'Label', 'Words on the button; empty shows the icon alone.').default(''),
      icon: image('Icon', 'Picture on the button; empty shows a speech bubble.').default(''),
    }).meta({ title: 'Launcher', description: 'The button that opens it.' }),
    greeting: longText(300, 'Greeting', 'Shown beside the button before it is opened; empty uses the welcome message.'),
    autoOpen: onOff('Open by itself', 'It opens once when a visitor arrives.'),
    sound: onOff('Sound', 'A soft tone with each answer.'),
    allowedDomains: hosts(50, 'Allowed domains', 'The sites it may run on. Empty allows none but this console.', { placeholder: 'shop.example.com' }),
  },
  initial: ({ interfaces }) => ({
    types: [...interfaces.widget.types],
    theme: 'auto' as const,
    primaryColor: '',
    position: 'bottom-right' as const,
    size: 'medium' as const,
    avatar: '',
    launcher: { label: '', icon: '' },
    greeting: '',
    autoOpen: false,
    sound: false,
    allowedDomains: [],
  }),
  open: ({ interfaces: { widget: { enabled, types, customization } } }) => ({
    types: enabled && types.length > 0,
    theme: enabled && customization.theme,
    primaryColor: enabled && customization.colors,
    position: enabled && customization.position,
    size: enabled && customization.size,
    avatar: enabled && customization.avatar,
    launcher: enabled && customization.launcher,
    greeting: enabled,
    autoOpen: enabled,
    sound: enabled,
    allowedDomains: enabled,
  }),
  narrowed: ({ interfaces: { widget: { types } } }) => (types.length === 0 ? {} : { types: typesOf(z.enum(types)) }),
});
