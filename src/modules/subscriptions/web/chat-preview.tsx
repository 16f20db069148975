import { Text } from '@mantine/core';
import { useId, type CSSProperties, type ReactNode } from 'react';
import { isRecord } from '#web/form/form-values.ts';
import { readHex, textOn } from '#web/kit/contrast.ts';
import { ProductMark } from '#web/kit/product-mark.tsx';
import type { EffectiveConfiguration } from '#modules/capabilities/contract.ts';
import type { z } from 'zod';
import type { OwnWords } from './own-words.ts';
import classes from './configure.module.css';

/** Families of the fonts a buyer can choose; the same as in the widget. */
const FAMILIES: Readonly<Record<string, string>> = {
  system: 'system-ui, sans-serif', inter: "'Inter Variable', system-ui, sans-serif", serif: 'ui-serif, Georgia, serif',
  rounded: 'ui-rounded, system-ui, sans-serif', monospace: 'ui-monospace, Menlo, monospace',
};

type Texts = Readonly<Record<string, unknown>>;

/** A section as it would be if it were saved now. */
const section = (saved: Texts, draft: unknown, key: string): Texts => ({ ...saved, ...(isRecord(draft) && isRecord(draft[key]) ? draft[key] : {}) });
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** How the chat would look and open, while one types. The answer in it is an example, not the product's own. */
export const ChatPreview = ({ name, logo, own, effective, draft }: {
  name: string; logo: string | null;
  /** What the product says where the buyer set nothing. */
  own: OwnWords;
  effective: z.infer<typeof EffectiveConfiguration>; draft: unknown;
}) => {
  const heading = useId();
  const persona = section(effective.persona, draft, 'persona');
  const conversation = section(effective.conversation, draft, 'conversation');
  const branding = section(effective.branding, draft, 'branding');
  const primary = readHex(text(branding.primaryColor)) === null ? null : text(branding.primaryColor);
  const accent = readHex(text(branding.accentColor)) === null ? null : text(branding.accentColor);
  const shownName = text(persona.name) || name;
  const picture = text(persona.avatar) || text(branding.logo) || logo;
  const chosen = Array.isArray(conversation.suggestedPrompts) ? conversation.suggestedPrompts.map(text).filter((prompt) => prompt !== '') : [];
  const prompts = (chosen.length > 0 ? chosen : own.prompts).slice(0, 3);
  const style = {
    ...(primary === null ? {} : { '--preview-brand': primary, '--preview-on-brand': textOn(primary) }),
    ...(accent === null ? {} : { '--preview-accent': accent }),
    ...(FAMILIES[text(branding.font)] === undefined ? {} : { fontFamily: FAMILIES[text(branding.font)] }),
  } as CSSProperties; // custom properties are not part of React's type
  return (
    <aside className={classes.preview} aria-labelledby={heading}>
      <Text size="xs" fw={500} c="dimmed" id={heading} mb={6}>Preview</Text>
      <div className={classes.phone} style={style}>
        <div className={classes.phoneHead}>
          <ProductMark name={shownName} logo={text(branding.logo) || picture} size={36} />
          <div className={classes.phoneName}>
            <div dir="auto">{shownName}</div>
            {(text(branding.tagline) || text(persona.role)) !== '' && <span dir="auto">{text(branding.tagline) || text(persona.role)}</span>}
          </div>
        </div>
        <div className={classes.phoneBody}>
          <Bubble name={shownName} picture={picture}>{text(conversation.welcomeMessage) || own.welcome || 'Hello. How can I help you?'}</Bubble>
          <div className={classes.asked} dir="auto">{prompts[0] ?? 'What can you help me with?'}</div>
          <Bubble name={shownName} picture={picture}>
            Here is an answer.<span className={classes.marker}>1</span>
          </Bubble>
        </div>
        {prompts.length > 0 && <div className={classes.chips}>{prompts.map((prompt, index) => <span key={`${index}-${prompt}`} className={classes.promptChip} dir="auto">{prompt}</span>)}</div>}
        <div className={classes.box}>Message {shownName}</div>
      </div>
    </aside>
  );
};

const Bubble = ({ name, picture, children }: { name: string; picture: string | null; children: ReactNode }) => (
  <div className={classes.answered}>
    <ProductMark name={name} logo={picture} size={24} />
    <div className={classes.said} dir="auto">{children}</div>
  </div>
);
