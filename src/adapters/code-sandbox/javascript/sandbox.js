/* oxlint-disable no-unused-expressions -- the value of the file is this function */
/**
 * Evaluated inside the engine, before anything of a seller: makes the few things that code expects from any JavaScript
 * host, then starts the code. Keeps the functions it needs from the code's reach, so that what the code overwrites
 * changes only its own result.
 *
 * host: `print(text)`, `finish(json)`, `fail(name, message, stack)`. Returns the timers as `due()` and `fire()`.
 */
(host, globalsText, resultCharsMax, drive, body) => {
  'use strict';
  const { parse, stringify } = JSON;
  const { defineProperty } = Object;
  const now = Date.now;
  const toText = String;
  const slice = Function.prototype.call.bind(String.prototype.slice);
  const join = Function.prototype.call.bind(Array.prototype.join);
  const then = Function.prototype.call.bind(Promise.prototype.then);
  const isError = (value) => value instanceof Error;
  const PRINTED_LINES_MAX = 100;
  const PRINTED_CHARS_MAX = 2000;

  const offer = (name, value) => defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  const shown = (value) => {
    if (typeof value === 'string') return value;
    if (isError(value)) return `${value.name}: ${value.message}`;
    try {
      return stringify(value) ?? toText(value);
    } catch {
      return toText(value);
    }
  };
  let lines = 0;
  const log = (...values) => {
    if (lines++ >= PRINTED_LINES_MAX) return;
    const texts = [];
    for (let i = 0; i < values.length; i++) texts[i] = shown(values[i]);
    host.print(slice(join(texts, ' '), 0, PRINTED_CHARS_MAX));
  };
  offer('console', { log, info: log, warn: log, error: log, debug: log, trace: log, dir: log, table: log });

  let timers = [];
  let lastTimer = 0;
  const later = (task, ms, every, args) => {
    if (typeof task !== 'function') throw new TypeError('A timer needs a function.');
    const wait = Math.max(0, Number(ms) || 0);
    timers.push({ id: ++lastTimer, at: now() + wait, every: every ? Math.max(1, wait) : 0, task, args });
    return lastTimer;
  };
  const cancel = (id) => { timers = timers.filter((timer) => timer.id !== id); };
  offer('setTimeout', (task, ms, ...args) => later(task, ms, false, args));
  offer('setInterval', (task, ms, ...args) => later(task, ms, true, args));
  offer('setImmediate', (task, ...args) => later(task, 0, false, args));
  offer('clearTimeout', cancel);
  offer('clearInterval', cancel);
  offer('clearImmediate', cancel);
  offer('queueMicrotask', (task) => { void Promise.resolve().then(task); });
  offer('structuredClone', (value) => parse(stringify(value)));

  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  offer('btoa', (given) => {
    const text = toText(given);
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const codes = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)];
      if (codes.some((code) => code > 255)) throw new TypeError('btoa takes characters up to U+00FF.');
      const bits = (codes[0] << 16) | ((codes[1] || 0) << 8) | (codes[2] || 0);
      out += ALPHABET[bits >> 18] + ALPHABET[(bits >> 12) & 63] + (i + 1 < text.length ? ALPHABET[(bits >> 6) & 63] : '=') + (i + 2 < text.length ? ALPHABET[bits & 63] : '=');
    }
    return out;
  });
  offer('atob', (given) => {
    const text = toText(given).replace(/[\t\n\f\r ]/g, '').replace(/={1,2}$/, '');
    let out = '';
    let bits = 0;
    let count = 0;
    for (const character of text) {
      const value = ALPHABET.indexOf(character);
      if (value < 0) throw new TypeError('The text is not base64.');
      bits = ((bits << 6) | value) & 0xffffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        out += String.fromCharCode((bits >> count) & 255);
      }
    }
    return out;
  });

  const globals = parse(globalsText);
  for (const name of Object.keys(globals)) defineProperty(globalThis, name, { value: globals[name], writable: true, configurable: true, enumerable: true });

  const fail = (error) => {
    if (isError(error)) host.fail(toText(error.name), slice(toText(error.message), 0, PRINTED_CHARS_MAX), toText(error.stack));
    // Without memory for an error the engine throws null.
    else host.fail('', error == null ? '' : slice(shown(error), 0, PRINTED_CHARS_MAX), '');
  };
  const finish = (value) => {
    const json = stringify(value) ?? 'null';
    if (typeof json !== 'string') throw new TypeError('The result cannot be written as JSON.');
    if (json.length > resultCharsMax) host.tooLarge();
    else host.finish(json);
  };
  void then((async () => finish(await drive(body)))(), undefined, fail);

  return {
    /** Milliseconds until the next timer; -1 when there is none. */
    due: () => (timers.length === 0 ? -1 : Math.max(0, timers.reduce((first, timer) => (timer.at < first ? timer.at : first), Infinity) - now())),
    /** Calls the first timer that is due. */
    fire: () => {
      const due = timers.filter((timer) => timer.at <= now()).sort((a, b) => a.at - b.at)[0];
      if (!due) return;
      if (due.every > 0) due.at = now() + due.every;
      else cancel(due.id);
      try {
        due.task(...due.args);
      } catch (error) {
        fail(error);
      }
    },
  };
};
