/**
 * Writes the migration that brings the database to what the `tables.ts` files say.
 *   npm run migrations -- <name>           writes migrations/NNNN_<name>.sql; read it before committing
 *   npm run migrations -- --custom <name>  writes an empty one, for what tables cannot express
 *   npm run migrations -- --check          writes nothing; fails when one would have to be written
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentFor, requireNode24 } from './node24.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const scratch = path.join(root, '.cache/migrations-check');
/** drizzle-kit writes its snapshots as JSON and stops at a bigint default such as 0n. */
const BIGINT_AS_JSON = 'data:text/javascript,BigInt.prototype.toJSON = function () { return String(this); };';
const args = process.argv.slice(2);
const [name] = args.filter((arg) => !arg.startsWith('--'));

if (args.includes('--check')) check();
else if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('Name the migration in kebab-case: npm run migrations -- add-api-keys');
  process.exitCode = 1;
} else {
  const run = drizzle(['generate', '--name', name.replaceAll('-', '_'), ...(args.includes('--custom') ? ['--custom'] : [])], 'inherit');
  process.exitCode = run.status ?? 1;
}

/** Generates into a copy of the folder and looks whether anything was added. */
function check() {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  try {
    const migrations = path.join(root, 'migrations');
    if (existsSync(migrations)) cpSync(migrations, path.join(scratch, 'migrations'), { recursive: true });
    const config = path.join(scratch, 'drizzle.config.ts');
    writeFileSync(config, "import config from '../../drizzle.config.ts';\n\nexport default { ...config, out: './.cache/migrations-check/migrations' };\n");
    const before = entries(migrations);
    // It asks when a column might have been renamed; without an input it stops there, which is drift as well.
    const run = drizzle(['generate', '--config', path.relative(root, config)], ['ignore', 'pipe', 'pipe']);
    const added = entries(path.join(scratch, 'migrations')).slice(before.length);
    if (run.status === 0 && added.length === 0 && /No schema changes/.test(run.stdout)) {
      console.log(`migrations: ${before.length}, and the tables ask for no other`);
      return;
    }
    process.exitCode = 1;
    console.error('The tables differ from the migrations: run `npm run migrations -- <name>` and commit the result.');
    if (added.length > 0) console.error(readFileSync(path.join(scratch, 'migrations', `${added[0].tag}.sql`), 'utf8'));
    else console.error(`${run.stdout}${run.stderr}`.trim());
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function entries(folder) {
  const journal = path.join(folder, 'meta/_journal.json');
  return existsSync(journal) ? JSON.parse(readFileSync(journal, 'utf8')).entries : [];
}

function drizzle(command, stdio) {
  const node = requireNode24();
  return spawnSync(node, ['--import', BIGINT_AS_JSON, path.join(root, 'node_modules/drizzle-kit/bin.cjs'), ...command], { cwd: root, stdio, encoding: 'utf8', env: environmentFor(node) });
}
