// A database of one's own on the PostgreSQL server of the tests, through psql.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { POSTGRES } from './env';

function psqlPath(): string {
  const folder = '/usr/lib/postgresql';
  const found = existsSync(folder) ? readdirSync(folder).map((version) => `${folder}/${version}/bin/psql`) : [];
  return found.filter((file) => existsSync(file)).sort().pop() ?? 'psql';
}

/** Runs SQL and answers its rows, columns separated by "|". */
export function psql(url: string, sql: string): string[] {
  const out = execFileSync(psqlPath(), [url, '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql], { encoding: 'utf8' });
  return out.split('\n').filter((line) => line !== '');
}

/** Makes an empty database and answers its address. */
export function createDatabase(): string {
  if (!POSTGRES) throw new Error('DAMSO_TEST_POSTGRES is not set: run the tests through `cargo xtask test`');
  const name = `e2e_${randomBytes(6).toString('hex')}`;
  psql(`${POSTGRES}/postgres`, `CREATE DATABASE ${name}`);
  return `${POSTGRES}/${name}`;
}

export function dropDatabase(url: string): void {
  const name = url.split('/').pop();
  psql(`${POSTGRES}/postgres`, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}
