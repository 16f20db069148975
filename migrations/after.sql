-- Runs after the migrations on every start; each statement may run again.
-- Policies also bind the owner of a table, so that no login sees past them.
DO $$
DECLARE item record;
BEGIN
  FOR item IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relrowsecurity AND NOT c.relforcerowsecurity
  LOOP
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', item.name);
  END LOOP;
END $$;

-- History is only ever added to.
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_transfers, audit_log FROM cmp_app, cmp_operator;

-- Vectors and terms stay in the row, and as they are: fetching each from beside the table makes an exact search three
-- times slower, and unpacking it twice. A row over the target moves its text out first, which only what is shown needs.
ALTER TABLE knowledge_chunks ALTER COLUMN embedding SET STORAGE MAIN, ALTER COLUMN terms SET STORAGE MAIN, ALTER COLUMN counts SET STORAGE MAIN;
ALTER TABLE knowledge_chunks SET (toast_tuple_target = 4080);
