// The server's half of every seal: peppers from the configuration, or generated once and stored next to the embedded database.

import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigFault } from '../base/config/config.ts';
import type { Pepper } from '../base/config/peppers.ts';
import { pepperVersionMax } from './envelope.ts';

/** Newest first; at least one. */
export type Peppers = readonly Pepper[];

const pepperBytes = 32;
const fileName = 'peppers';

/** @returns the configured peppers, or those in `$DATA_DIR/peppers`, generated on the first call @throws ConfigFault */
export function loadPeppers(config: Pick<Config, 'peppers' | 'databaseUrl' | 'dataDir'>): Peppers {
  if (config.peppers?.length) return checkPeppers(config.peppers);
  // Instances that share a database must share peppers, and they do not share a folder.
  if (config.databaseUrl) throw configFault('SAFESTORE_PEPPERS is required together with DATABASE_URL.');
  const path = join(config.dataDir, fileName);
  return checkPeppers(parsePeppers(readIfExists(path) ?? generate(config.dataDir, path), path));
}

export const newestPepper = (peppers: Peppers): Pepper => peppers[0]!;

export const findPepper = (peppers: Peppers, version: number): Pepper | undefined =>
  peppers.find(pepper => pepper.version === version);

/** @returns 32 bytes for a use other than sealing, for example argon2's secret; they do not help to open a seal */
export const deriveSecret = ({ secret }: Pepper, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha512', secret, 'safestore/v1', purpose, 32));

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written to a temporary file and linked into place: no process reads half a file, and the first of several wins. */
function generate(dataDir: string, path: string): string {
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
      if (!version || !secret)
        throw configFault(`${path} must contain lines of the form version:base64, with 32 bytes each.`);
      return { version: Number(version), secret: Buffer.from(secret, 'base64') };
    });
}

function checkPeppers(peppers: Peppers): Peppers {
  for (const { version, secret } of peppers) {
    if (secret.length !== pepperBytes) throw configFault(`Pepper ${version} must have ${pepperBytes} bytes.`);
    if (version < 1 || version > pepperVersionMax)
      throw configFault(`A pepper version must be from 1 to ${pepperVersionMax}, not ${version}.`);
  }
  if (new Set(peppers.map(pepper => pepper.version)).size < peppers.length)
    throw configFault('Two peppers have the same version.');
  return peppers;
}

const configFault = (what: string) => new ConfigFault([what]);
