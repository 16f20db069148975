/** `#abc` or `#aabbcc` as three numbers from 0 to 255; null for anything else. */
export const readHex = (text: string): [number, number, number] | null => {
  const match = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim());
  const digits = match?.[1];
  if (digits === undefined) return null;
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as [number, number, number];
};

const channel = (value: number): number => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const luminance = ([red, green, blue]: readonly [number, number, number]): number => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);

/** Contrast of two colours after WCAG 2.2, from 1 to 21; null if one cannot be read. */
export const contrast = (a: string, b: string): number | null => {
  const first = readHex(a);
  const second = readHex(b);
  if (first === null || second === null) return null;
  const [light, dark] = [luminance(first), luminance(second)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

const toHex = (rgb: readonly number[]): string => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

/** The shade nearest to `colour` whose contrast with `against` reaches `least`: darker or lighter, whichever changes less. */
export const nearestPassing = (colour: string, against: string, least = 4.5): string | null => {
  const from = readHex(colour);
  if (from === null || readHex(against) === null) return null;
  for (let step = 0; step <= 100; step++) {
    for (const target of [0, 255]) {
      const shade = toHex(from.map((value) => value + ((target - value) * step) / 100));
      if ((contrast(shade, against) ?? 0) >= least) return shade;
    }
  }
  return null;
};

/** Black or white, whichever is easier to read on `colour`. */
export const textOn = (colour: string): string => ((contrast(colour, '#ffffff') ?? 1) >= (contrast(colour, '#000000') ?? 1) ? '#ffffff' : '#000000');
