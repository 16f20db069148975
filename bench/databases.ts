import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort, ROOT } from './machine.ts';

/** A PostgreSQL server of its own for one measurement, as durable as a fresh installation (fsync and synchronous commit on). */
export interface PostgresServer {
  /** A new empty database; the login owns the server, as in a small installation. */
  createDatabase(name: string): Promise<string>;
  stop(): void;
}

/**
 * Starts it with the programs and the pgvector that `scripts/test-pg.sh` found or built. Throws with that script's
 * words where the machine lacks PostgreSQL.
 */
export async function startPostgres(): Promise<PostgresServer> {
  execFileSync(path.join(ROOT, 'scripts/test-pg.sh'), ['start'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const programs = readFileSync(path.join(ROOT, '.cache/test-pg/running/home'), 'utf8').trim();
  const home = mkdtempSync(path.join(tmpdir(), 'bench-pg.'));
  const [port, password] = [await freePort(), randomBytes(16).toString('hex')];
  writeFileSync(path.join(home, 'password'), `${password}\n`, { mode: 0o644 });
  const root = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root.
  const run = (program: string, ...args: string[]) => {
    const command = [path.join(programs, program), ...args];
    const [file = '', ...rest] = root ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(file, rest, { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
  };
  if (root) execFileSync('chown', ['-R', 'postgres', home]);
  const data = path.join(home, 'data');
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${path.join(home, 'password')}`, '--encoding=UTF8', '--locale=C.UTF-8');
  run('pg_ctl', '-D', data, '-l', path.join(home, 'log'), '-w', 'start', '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${home} -c shared_buffers=256MB -c max_connections=120`);
  const urlOf = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  return {
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`create database ${name}`).finally(async () => client.end());
      return urlOf(name);
    },
    stop() {
      if (existsSync(path.join(data, 'postmaster.pid'))) run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
