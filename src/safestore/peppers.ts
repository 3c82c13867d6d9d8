// The server's half of every seal: peppers from the configuration, or made up once and kept beside the embedded database.

import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigFault, type Pepper } from '../base/config/config.ts';
import { pepperVersionMax } from './envelope.ts';

/** Newest first; at least one. */
export type Peppers = readonly Pepper[];

const pepperBytes = 32;
const fileName = 'peppers';

/** @returns the configured peppers, or those in `$DATA_DIR/peppers`, made up on the first call @throws ConfigFault */
export function loadPeppers(config: Pick<Config, 'peppers' | 'databaseUrl' | 'dataDir'>): Peppers {
  if (config.peppers?.length) return checkPeppers(config.peppers);
  // Instances that share a database must share peppers, which a folder of one of them cannot give.
  if (config.databaseUrl) throw unfit('SAFESTORE_PEPPERS is required together with DATABASE_URL.');
  const path = join(config.dataDir, fileName);
  return checkPeppers(parsePeppers(readIfThere(path) ?? makeUp(config.dataDir, path), path));
}

export const newestPepper = (peppers: Peppers): Pepper => peppers[0]!;

export const findPepper = (peppers: Peppers, version: number): Pepper | undefined =>
  peppers.find(pepper => pepper.version === version);

/** @returns 32 bytes for another use than sealing, such as argon2's secret: knowing them helps to open nothing */
export const deriveSecret = ({ secret }: Pepper, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha512', secret, 'safestore/v1', purpose, 32));

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside and linked into place: nobody ever reads half a file, and the first of several processes wins. */
function makeUp(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `1:${randomBytes(pepperBytes).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8');
}

function parsePeppers(text: string, path: string): Pepper[] {
  return text
    .trim()
    .split(/[\s,]+/)
    .map(entry => {
      const [, version, secret] = /^(\d{1,3}):([A-Za-z0-9+/]{43}=)$/.exec(entry) ?? [];
      if (!version || !secret) throw unfit(`${path} holds something other than version:base64 of 32 bytes.`);
      return { version: Number(version), secret: Buffer.from(secret, 'base64') };
    });
}

function checkPeppers(peppers: Peppers): Peppers {
  for (const { version, secret } of peppers) {
    if (secret.length !== pepperBytes) throw unfit(`Pepper ${version} must have ${pepperBytes} bytes.`);
    if (version < 1 || version > pepperVersionMax)
      throw unfit(`A pepper's version is a number from 1 to ${pepperVersionMax}, not ${version}.`);
  }
  if (new Set(peppers.map(pepper => pepper.version)).size < peppers.length)
    throw unfit('Two peppers have the same version.');
  return peppers;
}

const unfit = (what: string) => new ConfigFault([what]);
