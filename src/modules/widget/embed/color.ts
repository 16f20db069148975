/** Colour arithmetic for brand colours a buyer chose: contrast after WCAG 2.2 (1.4.3), never by eye. */

type Rgb = readonly [number, number, number];

/** Contrast text must reach against its background (WCAG 2.2 AA, normal text). */
export const TEXT_CONTRAST_MIN = 4.5;

/** `#rgb` or `#rrggbb`, any case, as `#rrggbb`; null for anything else. */
export function hexColor(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(value.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return null;
  return digits.length === 6 ? `#${digits}` : `#${Array.from(digits, (digit) => digit + digit).join('')}`;
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(channels(a)), luminance(channels(b))].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** The colour of words on `background`: the wish if readable, else white or near-black; black where mid tones need all of it. */
export function textOn(background: string, wish: string | null = null): string {
  if (wish !== null && contrast(wish, background) >= TEXT_CONTRAST_MIN) return wish;
  return ['#ffffff', '#111418'].find((color) => contrast(color, background) >= TEXT_CONTRAST_MIN) ?? '#000000';
}

/** The nearest shade of `color` that is readable on `surface`, moved towards black or white in small steps. */
export function readableOn(surface: string, color: string): string {
  const end: Rgb = luminance(channels(surface)) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  const from = channels(color);
  for (let step = 0; step <= 20; step++) {
    const shade = hexOf(from.map((value, index) => value + ((end[index] ?? 0) - value) * (step / 20)));
    if (contrast(shade, surface) >= TEXT_CONTRAST_MIN) return shade;
  }
  return hexOf(end);
}

function channels(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function hexOf(rgb: readonly number[]): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
