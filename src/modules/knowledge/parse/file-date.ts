/** A date as files write it (ISO 8601, or PDF's `D:YYYYMMDDHHmmSS+HH'mm'`), in UTC where it names no zone; null if it is none or implausible. */
export function dateOf(value: unknown): Date | null {
  if (value instanceof Date) return plausible(value);
  if (typeof value !== 'string') return null;
  const pdf = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?)?/.exec(value);
  if (!pdf) return plausible(new Date(value.trim().slice(0, 40).replace(/(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/, '$1Z')));
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', , sign, zoneHour = '00', zoneMinute = '00'] = pdf;
  return plausible(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${sign ? `${sign}${zoneHour}:${zoneMinute}` : 'Z'}`));
}

function plausible(date: Date): Date | null {
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2200 ? date : null;
}
