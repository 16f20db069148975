/* oxlint-disable no-unused-vars -- n8n.js uses the class */
/** The part of Luxon's DateTime that flows use, in UTC only. Comes before `n8n.js` as a declaration inside it. */
class DateTime {
  #ms;
  constructor(ms) { this.#ms = ms; }

  static now() { return new DateTime(Date.now()); }
  static utc(...parts) { return parts.length === 0 ? DateTime.now() : DateTime.local(...parts); }
  static local(year, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0) { return year === undefined ? DateTime.now() : new DateTime(Date.UTC(year, month - 1, day, hour, minute, second, ms)); }
  static fromMillis(ms) { return new DateTime(ms); }
  static fromSeconds(seconds) { return new DateTime(seconds * 1000); }
  static fromJSDate(date) { return new DateTime(date.getTime()); }
  static fromObject({ year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0 }) { return DateTime.local(year, month, day, hour, minute, second, millisecond); }
  static fromISO(text) {
    const written = String(text).trim();
    // Without a zone it is UTC here, not the zone of the machine.
    return new DateTime(Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/i.test(written) ? written : written.includes('T') ? `${written}Z` : written));
  }
  static fromFormat(text, format) {
    const fields = [];
    const pattern = format.replace(/'[^']*'|yyyy|yy|MM|M|dd|d|HH|H|mm|m|ss|s|SSS|[^\w]/g, (token) => {
      if (token.startsWith("'")) return escaped(token.slice(1, -1));
      if (!/^\w/.test(token)) return escaped(token);
      fields.push(token);
      return token === 'yyyy' ? '(\\d{4})' : token === 'SSS' ? '(\\d{3})' : token.length === 2 ? '(\\d{2})' : '(\\d{1,2})';
    });
    const match = new RegExp(`^${pattern}$`).exec(text);
    if (!match) return new DateTime(NaN);
    const value = (...tokens) => { const at = fields.findIndex((field) => tokens.includes(field)); return at < 0 ? undefined : Number(match[at + 1]); };
    const short = value('yy');
    return DateTime.local(value('yyyy') ?? (short === undefined ? 1970 : 2000 + short), value('MM', 'M') ?? 1, value('dd', 'd') ?? 1, value('HH', 'H') ?? 0, value('mm', 'm') ?? 0, value('ss', 's') ?? 0, value('SSS') ?? 0);
  }

  get #date() { return new Date(this.#ms); }
  get isValid() { return !Number.isNaN(this.#ms); }
  get year() { return this.#date.getUTCFullYear(); }
  get month() { return this.#date.getUTCMonth() + 1; }
  get day() { return this.#date.getUTCDate(); }
  get hour() { return this.#date.getUTCHours(); }
  get minute() { return this.#date.getUTCMinutes(); }
  get second() { return this.#date.getUTCSeconds(); }
  get millisecond() { return this.#date.getUTCMilliseconds(); }
  get weekday() { return this.#date.getUTCDay() || 7; }
  get quarter() { return Math.ceil(this.month / 3); }
  get daysInMonth() { return new Date(Date.UTC(this.year, this.month, 0)).getUTCDate(); }
  get ts() { return this.#ms; }
  get zoneName() { return 'UTC'; }
  get monthLong() { return MONTHS[this.month - 1]; }
  get weekdayLong() { return DAYS[this.weekday - 1]; }

  plus(amount) { return this.#moved(amount, 1); }
  minus(amount) { return this.#moved(amount, -1); }
  #moved(amount, sign) {
    if (typeof amount === 'number') return new DateTime(this.#ms + sign * amount);
    const of = (unit) => sign * (amount[`${unit}s`] ?? amount[unit] ?? 0);
    const months = this.year * 12 + this.month - 1 + of('year') * 12 + of('quarter') * 3 + of('month');
    const [year, month] = [Math.floor(months / 12), ((months % 12) + 12) % 12];
    const day = Math.min(this.day, new Date(Date.UTC(year, month + 1, 0)).getUTCDate());
    const start = Date.UTC(year, month, day, this.hour, this.minute, this.second, this.millisecond);
    return new DateTime(start + ['week', 'day', 'hour', 'minute', 'second', 'millisecond'].reduce((sum, unit) => sum + of(unit) * MS[unit], 0));
  }

  set(fields) { return DateTime.fromObject({ ...this.toObject(), ...fields }); }
  startOf(unit) {
    const name = unit.replace(/s$/, '');
    if (name === 'week') return this.startOf('day').minus({ days: this.weekday - 1 });
    if (name === 'quarter') return DateTime.local(this.year, (this.quarter - 1) * 3 + 1);
    const kept = FIELDS.slice(0, FIELDS.indexOf(name) + 1);
    return DateTime.fromObject(Object.fromEntries(kept.map((field) => [field, this[field]])));
  }
  endOf(unit) { return this.startOf(unit).plus({ [`${unit.replace(/s$/, '')}s`]: 1 }).minus(1); }
  diff(other, units = 'milliseconds') {
    const ms = this.#ms - other.valueOf();
    const as = (unit) => ms / (MS[unit.replace(/s$/, '')] ?? 1);
    const wanted = [units].flat();
    let rest = ms;
    const parts = {};
    for (const [index, unit] of wanted.entries()) {
      const size = MS[unit.replace(/s$/, '')] ?? 1;
      const count = index === wanted.length - 1 ? rest / size : Math.trunc(rest / size);
      parts[`${unit.replace(/s$/, '')}s`] = count;
      rest -= count * size;
    }
    return { ...parts, milliseconds: parts.milliseconds ?? ms, as, toObject: () => parts, toMillis: () => ms, valueOf: () => ms };
  }
  diffNow(units) { return this.diff(DateTime.now(), units); }
  hasSame(other, unit) { return this.startOf(unit).toMillis() === other.startOf(unit).toMillis(); }
  equals(other) { return this.#ms === other.valueOf(); }

  setZone() { return this; }
  setLocale() { return this; }
  toUTC() { return this; }
  toLocal() { return this; }
  toISO() { return this.#date.toISOString(); }
  toISODate() { return this.toISO().slice(0, 10); }
  toISOTime() { return this.toISO().slice(11); }
  toMillis() { return this.#ms; }
  toSeconds() { return this.#ms / 1000; }
  toUnixInteger() { return Math.floor(this.#ms / 1000); }
  toJSDate() { return this.#date; }
  toObject() { return Object.fromEntries(FIELDS.map((field) => [field, this[field]])); }
  toJSON() { return this.isValid ? this.toISO() : null; }
  toString() { return this.isValid ? this.toISO() : 'Invalid DateTime'; }
  valueOf() { return this.#ms; }
  format(pattern) { return this.toFormat(pattern); }
  toFormat(pattern) {
    const two = (value) => String(value).padStart(2, '0');
    const tokens = {
      yyyy: () => this.year, yy: () => two(this.year % 100), MMMM: () => this.monthLong, MMM: () => this.monthLong.slice(0, 3), MM: () => two(this.month), M: () => this.month, LLLL: () => this.monthLong, LLL: () => this.monthLong.slice(0, 3), LL: () => two(this.month), L: () => this.month,
      dd: () => two(this.day), d: () => this.day, cccc: () => this.weekdayLong, ccc: () => this.weekdayLong.slice(0, 3), EEEE: () => this.weekdayLong, EEE: () => this.weekdayLong.slice(0, 3),
      HH: () => two(this.hour), H: () => this.hour, hh: () => two(this.hour % 12 || 12), h: () => this.hour % 12 || 12, mm: () => two(this.minute), m: () => this.minute, ss: () => two(this.second), s: () => this.second,
      SSS: () => String(this.millisecond).padStart(3, '0'), a: () => (this.hour < 12 ? 'AM' : 'PM'), ZZ: () => '+00:00', Z: () => '+0', z: () => 'UTC', x: () => this.#ms, X: () => Math.floor(this.#ms / 1000), q: () => this.quarter,
    };
    return pattern.replace(/'([^']*)'|yyyy|yy|MMMM|MMM|MM|M|LLLL|LLL|LL|L|dd|d|cccc|ccc|EEEE|EEE|HH|H|hh|h|mm|m|ss|s|SSS|a|ZZ|Z|z|x|X|q/g, (token, quoted) => quoted ?? tokens[token]());
  }
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];
const MS = { week: 604_800_000, day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1, year: 365 * 86_400_000, month: 30 * 86_400_000 };
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
