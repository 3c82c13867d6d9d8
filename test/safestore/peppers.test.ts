import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deriveSecret, loadPeppers } from '../../src/safestore/peppers.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'peppers-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('without a configuration, one pepper of 32 bytes is generated, in a file that only its owner can read', () => {
  const [pepper] = loadPeppers({ dataDir });
  expect(pepper?.version).toBe(1);
  expect(pepper?.secret.length).toBe(32);
  expect(statSync(join(dataDir, 'peppers')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir)).toEqual(['peppers']);
});

test('a generated pepper is found again, and a missing data folder is created', () => {
  const config = { dataDir: join(dataDir, 'new', 'folder') };
  expect(loadPeppers(config)).toEqual(loadPeppers(config));
});

test('configured peppers are used, and no file is written', () => {
  const peppers = [{ version: 2, secret: randomBytes(32) }];
  expect(loadPeppers({ dataDir, peppers })).toEqual(peppers);
  expect(readdirSync(dataDir)).toEqual([]);
});

test('several peppers are read from the file, newest first', () => {
  const [older] = loadPeppers({ dataDir });
  const path = join(dataDir, 'peppers');
  const newer = randomBytes(32);
  writeFileSync(path, `2:${newer.toString('base64')}\n${readFileSync(path, 'utf8')}`);
  expect(loadPeppers({ dataDir })).toEqual([{ version: 2, secret: newer }, older]);
});

test('DATABASE_URL requires configured peppers', () => {
  const config = { dataDir, databaseUrl: 'postgres://127.0.0.1/x' };
  expect(() => loadPeppers(config)).toThrow('SAFESTORE_PEPPERS is required together with DATABASE_URL.');
  expect(readdirSync(dataDir)).toEqual([]);
});

test('a damaged pepper file is refused without showing its contents, and is not replaced', () => {
  const path = join(dataDir, 'peppers');
  writeFileSync(path, '1:c2VjcmV0');
  expect(() => loadPeppers({ dataDir })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('c2VjcmV0') }),
  );
  expect(() => loadPeppers({ dataDir })).toThrow('must contain lines of the form version:base64');
  expect(readFileSync(path, 'utf8')).toBe('1:c2VjcmV0');
});

test.each([
  [[{ version: 1, secret: randomBytes(31) }], 'must have 32 bytes'],
  [[{ version: 0, secret: randomBytes(32) }], 'from 1 to 255'],
  [[{ version: 256, secret: randomBytes(32) }], 'from 1 to 255'],
  [
    [
      { version: 1, secret: randomBytes(32) },
      { version: 1, secret: randomBytes(32) },
    ],
    'same version',
  ],
])('refuses unfit peppers (%#)', (peppers, message) => {
  expect(() => loadPeppers({ dataDir, peppers })).toThrow(message);
});

test('each purpose and each pepper yields a different derived secret', () => {
  const [one, two] = [1, 2].map(version => ({ version, secret: randomBytes(32) })) as [never, never];
  const secrets = [deriveSecret(one, 'a'), deriveSecret(one, 'b'), deriveSecret(two, 'a')].map(String);
  expect(new Set(secrets).size).toBe(3);
  expect(deriveSecret(one, 'a')).toEqual(deriveSecret(one, 'a'));
});
