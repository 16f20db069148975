import {
  ActionIcon, createTheme, type CSSVariablesResolver, type MantineColorsTuple,
} from '@mantine/core';

/*
 * Every colour, size and distance of the product is decided here; screens use tokens only. Contrast of each pair that
 * carries text was computed against WCAG 2.2 AA (4.5:1) and is held by theme.test.ts.
 */

/** The one accent: actions, links, focus and selection. */
const accent: MantineColorsTuple = [
  '#eef0ff', '#dfe2ff', '#bfc5fd', '#9aa2fa', '#7a80f5', '#625ff0', '#4f46e5', '#4338ca', '#3730a3', '#2c2780',
];

/** Neutral greys with a trace of blue; light surfaces, borders and text. */
const gray: MantineColorsTuple = [
  '#f8f9fb', '#f1f3f6', '#e6e9ee', '#d5dae1', '#b4bbc6', '#8a93a1', '#667080', '#4b5563', '#323a47', '#171c26',
];

/** The same greys turned round for dark: 0 is text, 6 is a raised surface, 7 is the page. */
const dark: MantineColorsTuple = [
  '#e3e6eb', '#bcc2cc', '#98a1af', '#6d7684', '#3a414d', '#2a303a', '#1b2028', '#12161c', '#0d1015', '#080a0d',
];

const agent: MantineColorsTuple = [
  '#eff6ff', '#dbeafe', '#bfdbfe', '#93c5fd', '#60a5fa', '#3b82f6', '#2563eb', '#1d4ed8', '#1e40af', '#1e3a8a',
];
const app: MantineColorsTuple = [
  '#ecfdf5', '#d1fae5', '#a7f3d0', '#6ee7b7', '#34d399', '#10b981', '#059669', '#047857', '#065f46', '#064e3b',
];
const assistant: MantineColorsTuple = [
  '#f5f3ff', '#ede9fe', '#ddd6fe', '#c4b5fd', '#a78bfa', '#8b5cf6', '#7c3aed', '#6d28d9', '#5b21b6', '#4c1d95',
];
const automation: MantineColorsTuple = [
  '#fffbeb', '#fef3c7', '#fde68a', '#fcd34d', '#fbbf24', '#f59e0b', '#d97706', '#b45309', '#92400e', '#78350f',
];

/** State only: something is wrong. */
const red: MantineColorsTuple = [
  '#fef2f2', '#fee2e2', '#fecaca', '#fca5a5', '#f87171', '#ef4444', '#dc2626', '#b91c1c', '#991b1b', '#7f1d1d',
];
/** State only: needs attention. */
const amber: MantineColorsTuple = automation;
/** State only: all is well. */
const green: MantineColorsTuple = [
  '#f0fdf4', '#dcfce7', '#bbf7d0', '#86efac', '#4ade80', '#22c55e', '#15803d', '#166534', '#14532d', '#0f3d22',
];

export const palette = { accent, gray, dark, agent, app, assistant, automation, red, amber, green };

export const theme = createTheme({
  colors: palette,
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  white: '#ffffff',
  black: '#171c26',
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: "'Inter Variable', ui-sans-serif, system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '1rem', lg: '1.25rem', xl: '1.75rem' },
  lineHeights: { xs: '1.34', sm: '1.43', md: '1.5', lg: '1.4', xl: '1.29' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  shadows: {
    xs: '0 1px 2px rgb(23 28 38 / 6%)',
    sm: '0 1px 3px rgb(23 28 38 / 8%)',
    md: '0 4px 12px rgb(23 28 38 / 10%)',
    lg: '0 8px 24px rgb(23 28 38 / 12%)',
    xl: '0 16px 40px rgb(23 28 38 / 16%)',
  },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.29' },
      h2: { fontSize: '1.25rem', lineHeight: '1.4' },
      h3: { fontSize: '1rem', lineHeight: '1.5' },
      h4: { fontSize: '0.875rem', lineHeight: '1.43' },
      h5: { fontSize: '0.875rem', lineHeight: '1.43' },
      h6: { fontSize: '0.75rem', lineHeight: '1.34' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Text: { defaultProps: { size: 'sm' } },
    Anchor: { defaultProps: { size: 'sm', underline: 'hover' } },
    Button: { defaultProps: { size: 'sm', fw: 500 } },
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray' },
      // A quiet icon is as quiet as the text beside it.
      vars: (_theme, { variant = 'subtle', color = 'gray' }) => ({ root: variant === 'subtle' && color === 'gray' ? { '--ai-color': 'var(--mantine-color-dimmed)' } : {} }),
    }),
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 100 } } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { transitionProps: { duration: 150 }, closeButtonProps: { 'aria-label': 'Close' } } },
    // Their <header> would be a second banner of the page to a screen reader.
    ModalHeader: { defaultProps: { role: 'none' } },
    DrawerHeader: { defaultProps: { role: 'none' } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 100 } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 100 } } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 } },
    Table: { defaultProps: { verticalSpacing: 10, horizontalSpacing: 'sm' } },
    Paper: { defaultProps: { radius: 'lg' } },
    Card: { defaultProps: { radius: 'lg', withBorder: true, padding: 'md' } },
  },
});

/** Semantic names over the palette, so that a stylesheet never asks which scheme is on. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--cmp-content': '75rem',
    '--cmp-header': '3.5rem',
    '--cmp-nav': '15rem',
  },
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': gray[9],
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-anchor': accent[6],
    '--mantine-color-error': red[7],
    '--mantine-color-default-border': gray[3],
    '--mantine-color-gray-light': gray[1],
    '--mantine-color-gray-light-hover': gray[2],
    '--mantine-color-gray-light-color': gray[7],
    '--cmp-surface': '#ffffff',
    '--cmp-sunken': gray[0],
    '--cmp-hover': gray[1],
    '--cmp-selected': accent[0],
    '--cmp-selected-text': accent[7],
    '--cmp-border': gray[2],
    '--cmp-good': green[6],
    '--cmp-warn': automation[7],
    '--cmp-bad': red[7],
    '--cmp-spark': accent[6],
    '--cmp-agent-text': agent[7],
    '--cmp-app-text': app[7],
    '--cmp-assistant-text': assistant[7],
    '--cmp-automation-text': automation[7],
  },
  dark: {
    '--mantine-color-body': dark[7],
    '--mantine-color-text': dark[0],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-anchor': accent[3],
    '--mantine-color-error': red[3],
    '--mantine-color-default': dark[6],
    '--mantine-color-default-hover': dark[5],
    '--mantine-color-default-border': dark[4],
    '--mantine-color-gray-light': dark[5],
    '--mantine-color-gray-light-hover': dark[4],
    '--mantine-color-gray-light-color': dark[1],
    '--cmp-surface': dark[6],
    '--cmp-sunken': dark[8],
    '--cmp-hover': dark[5],
    '--cmp-selected': '#23264a',
    '--cmp-selected-text': accent[2],
    '--cmp-border': dark[5],
    '--cmp-good': green[4],
    '--cmp-warn': automation[4],
    '--cmp-bad': red[4],
    '--cmp-spark': accent[3],
    '--cmp-agent-text': agent[3],
    '--cmp-app-text': app[3],
    '--cmp-assistant-text': assistant[3],
    '--cmp-automation-text': automation[3],
  },
});
