import { describe, expect, test } from 'vitest';
import { selectOnly } from './select-only.ts';

describe('one SELECT', () => {
  test.each([
    ['select * from products'],
    ['  SELECT a, b FROM t WHERE c = \'x; drop table t\' -- ; delete'],
    ['with recent as (select * from t) select * from recent'],
    ['select http_status, lo_limit, load_file from t'],
    ['(select 1) union (select 2)'],
    ['/* why */ select 1'],
  ])('is taken in every dialect: %s', (sql) => {
    for (const dialect of ['postgres', 'mysql', 'snowflake'] as const) expect(selectOnly(sql, dialect)).toBe(sql.trim());
  });

  test('loses its closing semicolon and what only looks like more', () => {
    expect(selectOnly('select 1 ;  -- that is all\n', 'postgres')).toBe('select 1');
    expect(selectOnly("select ';' as a, $x$ ; $x$ as b;", 'postgres')).toBe("select ';' as a, $x$ ; $x$ as b");
    expect(selectOnly('select 1 # ; delete from t', 'mysql')).toBe('select 1 # ; delete from t');
  });
});

test.each([
  ['', 'The query is empty.'], ['-- nothing', 'The query is empty.'],
  ['delete from t', 'it begins with DELETE'], ['insert into t values (1)', 'it begins with INSERT'], ['copy t to program \'sh\'', 'it begins with COPY'],
  ['set role admin', 'it begins with SET'], ['call p()', 'it begins with CALL'], ['load data local infile \'x\' into table t', 'it begins with LOAD'],
  ['select 1; drop table t', 'more than one statement'], ['select 1;;select 2', 'more than one statement'], ['select 1; /* */ update t set a = 1', 'more than one statement'],
  ["select 'a", 'is not closed'], ["select 1 --\u0001 '\n into outfile '/x' -- '", 'control characters'], ['select $a$ 1', 'is not closed'],
])('what is not one SELECT is refused with the reason: %s', (sql, words) => {
  expect(() => selectOnly(sql, 'postgres')).toThrow(words);
});

test.each([
  ['mysql', "select 'x' into outfile '/tmp/x'"], ['mysql', "select 1 INTO/**/DUMPFILE '/tmp/x'"], ['mysql', "select load_file('/etc/passwd')"], ['mysql', "select `load_file`('/etc/passwd')"],
  ['mysql', "select 'it''s' into outfile '/tmp/x'"], ['mysql', "select 'a\\'' into outfile '/tmp/x'"], ['mysql', 'select "a\\"" into @x'], ['mysql', "select /*!50000 1 into outfile '/tmp/x' */"], ['mysql', "select 1 -- \n into outfile '/x'"],
  ['mysql', "select 1--1 into outfile '/x'"], ['mysql', "select 1e0into outfile '/x'"], ['mysql', "select .5e3into outfile '/x'"], ['mysql', "select load_file /* */ ('/etc/passwd')"], ['mysql', "select 1 --\u00a0 into outfile '/x'"],
  ['postgres', "select pg_read_file('/etc/passwd')"], ['postgres', 'select "pg_read_file"(\'/etc/passwd\')'], ['postgres', "select lo_export(1, '/tmp/x')"], ['postgres', "select * from dblink('host=10.0.0.1', 'select 1') as t(a int)"],
  ['postgres', "select U&\"\\006co_export\"(1, '/tmp/x')"], ['postgres', "select E'a\\'', pg_terminate_backend(1) -- '"], ['postgres', "select set_config('transaction_read_only', 'off', false)"], ['postgres', '/* /* */ */ select pg_reload_conf()'],
  ['snowflake', 'select system$cancel_all_queries(1)'], ['snowflake', "select 1 as x into y"],
] as const)('%s: what reaches beyond tables is refused: %s', (dialect, sql) => {
  expect(() => selectOnly(sql, dialect)).toThrow(/^The query may not/);
});
