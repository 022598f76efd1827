// What the tests are told from outside, with what a developer has at hand as default.
import path from 'node:path';

const target = path.resolve(__dirname, '../../target');

/** The server, built with `--features failpoints`. */
export const BIN = path.resolve(process.env.DAMSO_BIN || path.join(target, 'debug/damso'));
/** The site's folder (`cargo xtask build`). */
export const SITE = path.resolve(process.env.DAMSO_SITE || path.join(target, 'site/dev'));
/** A PostgreSQL server where databases may be made, `postgres://USER@HOST:PORT`. */
export const POSTGRES = process.env.DAMSO_TEST_POSTGRES;
/** Where screenshots for human eyes go. */
export const SHOTS = path.resolve(__dirname, '../results/shots');

/** A number that may be set from outside. */
export function tunable(name: string, otherwise: number): number {
  const value = Number(process.env[name]);
  return Number.isFinite(value) && process.env[name] ? value : otherwise;
}
