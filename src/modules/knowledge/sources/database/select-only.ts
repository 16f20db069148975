import { SourceError } from '../source-reader.ts';

export type SqlDialect = 'postgres' | 'mysql' | 'snowflake';

/** Words that write, wherever they stand. */
const WRITING = new Set(['into', 'outfile', 'dumpfile']);
/** Functions that reach beyond tables, whatever the transaction allows: files and programs of the server, other servers, its running. */
const REACHING: Readonly<Record<SqlDialect, RegExp>> = {
  postgres: /^(lo_\w+|dblink\w*|pg_(read|write|stat|ls|file)_\w*|pg_(terminate|cancel)_backend|pg_(reload_conf|rotate_logfile|promote|switch_wal|create_restore_point|logical_emit_message|notify)|pg_(try_)?advisory_\w+|pg_log_\w+|query_to_xml\w*|set_config|http\w*)$/,
  mysql: /^(load_file|analyse|get_lock|release_lock|release_all_locks|master_pos_wait|source_pos_wait|wait_for_executed_gtid_set|sys_exec|sys_eval|nextval|setval)$/,
  snowflake: /^system\$\w+$/,
};
const FIRST_WORDS = new Set(['select', 'with', 'values', 'table']);
const QUOTES = new Set(["'", '"', '`']);
/** Which of them begin a comment or end a word differs between databases. */
const CONTROLS = /[^\P{Cc}\t\n\r]/u;

/**
 * Whether a query is one SELECT, and nothing in it reaches beyond tables. Returns it without a closing semicolon. The
 * database enforces that nothing is written; this is what it does not, and words for the buyer. Throws SourceError.
 */
export function selectOnly(query: string, dialect: SqlDialect): string {
  const { words, end } = wordsOf(query, dialect);
  const first = words[0]?.word;
  if (first === undefined) throw new SourceError('settings', 'The query is empty.');
  if (!FIRST_WORDS.has(first)) throw new SourceError('settings', `The query must be one SELECT; it begins with ${first.toUpperCase().slice(0, 40)}.`);
  const reaching = words.find(({ word, quoted, called }) => (!quoted && WRITING.has(word)) || (called && REACHING[dialect].test(word)));
  if (reaching) throw new SourceError('settings', `The query may not use ${reaching.word.toUpperCase().slice(0, 60)}: it is only for reading tables.`);
  return query.slice(0, end).trim();
}

interface Word { word: string; quoted: boolean; called: boolean }

/**
 * The words of a statement outside its texts and comments, in small letters, and where it ends. Where a database may cut
 * otherwise than this does, it errs to the side of seeing more words.
 */
function wordsOf(sql: string, dialect: SqlDialect): { words: Word[]; end: number } {
  if (CONTROLS.test(sql)) throw new SourceError('settings', 'The query holds control characters.');
  const words: Word[] = [];
  let end = sql.length;
  let at = 0;
  /** The word just before, with nothing but spaces and comments between. */
  let before: Word | undefined;
  const push = (word: string, quoted: boolean): Word => {
    const added = { word: word.toLowerCase(), quoted, called: false };
    words.push(added);
    return added;
  };
  while (at < sql.length) {
    const skipped = afterComment(sql, at, dialect) ?? (/\s/.test(sql.charAt(at)) ? at + 1 : null);
    if (skipped !== null) { at = skipped; continue; }
    const rest = sql.slice(at, at + 200);
    const character = rest.charAt(0);
    const number = /^\d+(\.\d*)?(e[+-]?\d+)?/i.exec(rest)?.[0];
    const word = /^[\p{L}_][\p{L}\p{N}_$]*/u.exec(rest)?.[0];
    const dollar = dialect === 'mysql' ? undefined : /^\$(?:[a-z_]\w*)?\$/i.exec(rest)?.[0];
    if (word !== undefined) { before = push(word, false); at += word.length; continue; }
    if (QUOTES.has(character)) {
      const after = afterQuoted(sql, at, dialect, before);
      if (character === "'" || (character === '"' && dialect === 'mysql')) before = undefined;
      else before = push(sql.slice(at + 1, after - 1), true);
      at = after;
      continue;
    }
    if (character === '(' && before) before.called = true;
    if (character === ';') {
      if (hasMore(sql, at + 1, dialect)) throw new SourceError('settings', 'The query holds more than one statement. Only one SELECT can be read.');
      end = Math.min(end, at);
    }
    before = undefined;
    at = dollar === undefined ? at + (number?.length ?? 1) : closing(sql, at + dollar.length, dollar);
  }
  return { words, end };
}

function hasMore(sql: string, from: number, dialect: SqlDialect): boolean {
  let at = from;
  while (at < sql.length) {
    const skipped = afterComment(sql, at, dialect);
    if (skipped !== null) { at = skipped; continue; }
    if (!/[\s;]/.test(sql.charAt(at))) return true;
    at += 1;
  }
  return false;
}

/** Where the comment that begins here is over; null where none does. */
function afterComment(sql: string, at: number, dialect: SqlDialect): number | null {
  const two = sql.slice(at, at + 2);
  const line = two === '--' ? dialect !== 'mysql' || /^--([ \t\n\r]|$)/.test(sql.slice(at, at + 3)) : (dialect === 'mysql' && two[0] === '#') || (dialect === 'snowflake' && two === '//');
  if (line) {
    const newline = sql.indexOf('\n', at);
    return newline < 0 ? sql.length : newline + 1;
  }
  if (two !== '/*') return null;
  if (dialect === 'mysql' && /^\/\*(!|M!)/.test(sql.slice(at, at + 4))) throw new SourceError('settings', 'The query may not hold comments that are carried out (/*! … */).');
  let depth = 1;
  let next = at + 2;
  while (next < sql.length && depth > 0) {
    const pair = sql.slice(next, next + 2);
    if (pair === '*/') { depth -= 1; next += 2; }
    else if (pair === '/*' && dialect === 'postgres') { depth += 1; next += 2; }
    else next += 1;
  }
  return next;
}

/** Where the text or name that is quoted from here is over. */
function afterQuoted(sql: string, at: number, dialect: SqlDialect, before: Word | undefined): number {
  const quote = sql.charAt(at);
  const prefix = sql.slice(Math.max(0, at - 2), at).toLowerCase();
  if (dialect === 'postgres' && prefix === 'u&') throw new SourceError('settings', 'The query may not hold names or texts written as U&.');
  const escapes = quote !== '`' && (dialect === 'mysql' || (quote === "'" && (dialect === 'snowflake' || (prefix.endsWith('e') && before?.word === 'e'))));
  let next = at + 1;
  while (next < sql.length) {
    const character = sql.charAt(next);
    if (escapes && character === '\\') next += 2;
    else if (character === quote && sql.charAt(next + 1) === quote) next += 2;
    else if (character === quote) return next + 1;
    else next += 1;
  }
  throw new SourceError('settings', 'The query holds a text or a name whose quotation mark is not closed.');
}

function closing(sql: string, from: number, tag: string): number {
  const at = sql.indexOf(tag, from);
  if (at < 0) throw new SourceError('settings', `The query holds a text whose ${tag} is not closed.`);
  return at + tag.length;
}
