import { ExpressionError } from '../expression-error.ts';

/** The fields of a date as the clocks of a time zone show them. */
interface ClockParts { year: number; month: number; day: number; hour: number; minute: number; second: number; weekday: number; offsetMinutes: number }

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const ZONES_MAX = 100;
const clocks = new Map<string, Intl.DateTimeFormat>();

const TOKENS = /'([^']*)'|yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE|E|HH|H|hh|h|mm|m|ss|s|SSS|ZZ|Z|a|x|X/g;

/** A date by the signs of Unicode (`yyyy-MM-dd HH:mm`), English names; text in quotes stays. Throws for an unknown time zone. */
export function formatDate(date: Date, pattern: string, zone: string): string {
  if (Number.isNaN(date.getTime())) return '';
  const parts = clockIn(date, zone);
  return pattern.slice(0, 200).replace(TOKENS, (token, quoted: string | undefined) => (quoted === undefined ? shown(token, parts, date) : quoted === '' ? "'" : quoted));
}

function shown(token: string, parts: ClockParts, date: Date): string {
  const hour12 = parts.hour % 12 === 0 ? 12 : parts.hour % 12;
  switch (token) {
    case 'yyyy': return String(parts.year).padStart(4, '0');
    case 'yy': return two(parts.year % 100);
    case 'MMMM': return MONTHS[parts.month - 1] ?? '';
    case 'MMM': return MONTHS[parts.month - 1]?.slice(0, 3) ?? '';
    case 'MM': return two(parts.month);
    case 'M': return String(parts.month);
    case 'dd': return two(parts.day);
    case 'd': return String(parts.day);
    case 'EEEE': return WEEKDAYS[parts.weekday] ?? '';
    case 'EEE': return WEEKDAYS[parts.weekday]?.slice(0, 3) ?? '';
    case 'E': return String(parts.weekday || 7);
    case 'HH': return two(parts.hour);
    case 'H': return String(parts.hour);
    case 'hh': return two(hour12);
    case 'h': return String(hour12);
    case 'mm': return two(parts.minute);
    case 'm': return String(parts.minute);
    case 'ss': return two(parts.second);
    case 's': return String(parts.second);
    case 'SSS': return String(date.getUTCMilliseconds()).padStart(3, '0');
    case 'a': return parts.hour < 12 ? 'AM' : 'PM';
    case 'ZZ': return offset(parts.offsetMinutes, ':');
    case 'Z': return offset(parts.offsetMinutes, '');
    case 'x': return String(date.getTime());
    default: return String(Math.floor(date.getTime() / 1_000));
  }
}

const two = (number: number): string => String(number).padStart(2, '0');

const offset = (minutes: number, between: string): string =>
  `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}${between}${two(Math.abs(minutes) % 60)}`;

function clockIn(date: Date, zone: string): ClockParts {
  const shifted = zone === 'UTC' ? date : new Date(wallClock(date, zone));
  return {
    year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() + 1, day: shifted.getUTCDate(), hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(), second: shifted.getUTCSeconds(), weekday: shifted.getUTCDay(),
    offsetMinutes: Math.round((shifted.getTime() - Math.floor(date.getTime() / 1_000) * 1_000) / 60_000),
  };
}

/** The wall clock of a zone, written as if it were UTC, in milliseconds. */
function wallClock(date: Date, zone: string): number {
  const parts = new Map(clock(zone).formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const at = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
}

function clock(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  if (clocks.size >= ZONES_MAX) clocks.clear();
  try {
    const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    clocks.set(zone, made);
    return made;
  } catch (error) {
    if (error instanceof RangeError) throw new ExpressionError(`"${zone.slice(0, 60)}" is no time zone`);
    throw error;
  }
}
