import { isRecord } from '#web/form/form-values.ts';
import type { EffectiveConfiguration } from '#modules/capabilities/contract.ts';
import type { WidgetConfig } from '#modules/widget/contract.ts';
import { WIDGET_COLOR_DEFAULT, WIDGET_POSITIONS, WIDGET_SIZES, WIDGET_THEMES } from '#modules/widget/embed-contract.ts';

/** What stands where the widget's own settings are empty. */
export interface DraftGround {
  /** What the server hands to the widget now. */
  saved: WidgetConfig;
  effective: EffectiveConfiguration;
  /** The product's own picture. */
  logo: string | null;
  /** Address of this installation, for pictures without a host. */
  origin: string;
}

/**
 * What the server would hand to the widget if the form were saved as it is. `draft` is the widget's section, unchecked:
 * what makes no sense yet (half a colour) leaves the saved value.
 */
export const draftConfig = ({ saved, effective, logo, origin }: DraftGround, draft: unknown): WidgetConfig => {
  const { persona, branding } = effective;
  const widget: Readonly<Record<string, unknown>> = { ...effective.widget, ...(isRecord(draft) ? draft : {}) };
  const launcher = isRecord(widget.launcher) ? widget.launcher : {};
  const picture = (...candidates: readonly string[]) => {
    const found = candidates.find((candidate) => candidate !== '');
    return found === undefined ? null : (URL.parse(found, origin)?.href ?? null);
  };
  const color = text(widget.primaryColor) || branding.primaryColor || WIDGET_COLOR_DEFAULT;
  const avatar = picture(text(widget.avatar), persona.avatar, branding.logo, logo ?? '');
  const brand = picture(branding.logo);
  return {
    ...saved,
    avatar, logo: brand === avatar ? null : brand,
    theme: oneOf(WIDGET_THEMES, widget.theme) ?? saved.theme,
    colors: { ...saved.colors, primary: /^#[0-9a-f]{6}$/i.test(color) ? color : saved.colors.primary },
    position: oneOf(WIDGET_POSITIONS, widget.position) ?? saved.position,
    size: oneOf(WIDGET_SIZES, widget.size) ?? saved.size,
    launcher: { icon: picture(text(launcher.icon)), label: text(launcher.label) || null },
    greeting: text(widget.greeting),
    auto_open: widget.autoOpen === true,
    sound: widget.sound === true,
  };
};

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const oneOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined => words.find((word) => word === value);
