/** Numbers and money in the reader's own way of writing. `locale` is for tests; the browser's otherwise. */

const decimals = (currency: string): number => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** The decimal text of an amount in minor units, exact for any size. */
const decimalText = (minor: bigint | number | string, digits: number): Intl.StringNumericLiteral => {
  const value = BigInt(typeof minor === 'number' ? Math.trunc(minor) : minor);
  const magnitude = (value < 0n ? -value : value).toString().padStart(digits + 1, '0');
  const whole = magnitude.slice(0, magnitude.length - digits);
  const rest = digits === 0 ? '' : `.${magnitude.slice(-digits)}`;
  return `${value < 0n ? '-' : ''}${whole}${rest}` as Intl.StringNumericLiteral;
};

/** `2900, 'USD'` as `$29.00`. Amounts are minor units (cents). `short` drops `.00`. */
export const formatMoney = (minor: bigint | number | string, currency: string, options: { short?: boolean; locale?: string } = {}): string => {
  const digits = decimals(currency);
  const value = BigInt(typeof minor === 'number' ? Math.trunc(minor) : minor);
  const whole = options.short === true && value % 10n ** BigInt(digits) === 0n;
  return new Intl.NumberFormat(options.locale, { style: 'currency', currency, ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}) })
    .format(decimalText(minor, digits));
};

/** `1` as `1 credit`, `12000` as `12,000 credits`. */
export const formatCredits = (credits: bigint | number | string, locale?: string): string => {
  const value = BigInt(typeof credits === 'number' ? Math.trunc(credits) : credits);
  return `${value.toLocaleString(locale)} ${value === 1n || value === -1n ? 'credit' : 'credits'}`;
};

/** `12345` as `12,345`; `compact` as `12K`. */
export const formatNumber = (value: number | bigint, options: { compact?: boolean; digits?: number; locale?: string } = {}): string =>
  new Intl.NumberFormat(options.locale, { notation: options.compact === true ? 'compact' : 'standard', maximumFractionDigits: options.digits ?? (options.compact === true ? 1 : 2) }).format(value);

/** `0.256` as `25.6%`. */
export const formatPercent = (share: number, locale?: string): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);

/** `1536` as `1.5 KB`. */
export const formatBytes = (bytes: number, locale?: string): string => {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 }).format(value)} ${units[unit]}`;
};

/** `840` as `840 ms`, `83000` as `1 min 23 s`. */
export const formatDuration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
};

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60],
];

/** `3 minutes ago`, `in 2 days`, `now`. */
export const formatRelative = (time: Date, now: Date, locale?: string): string => {
  const seconds = (time.getTime() - now.getTime()) / 1_000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
  return step === undefined ? format.format(0, 'second') : format.format(Math.trunc(seconds / step[1]), step[0]);
};

/** Date and time with the zone, for the exact value behind a relative one. */
export const formatExact = (time: Date, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' }).format(time);

export const formatDate = (time: Date | string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(typeof time === 'string' ? new Date(time) : time);
