import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missingMigration, platform, project } from '../../src/cli/author-migration.ts';

test.each([
  ['the project', project],
  ['the platform', platform],
])('the migrations of %s lead to its schema', async (_, migrated) => {
  expect(await missingMigration(migrated)).toBe('');
});

test('a change of the schema is noticed, and written as a migration', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-schema-'));
  const file = join(folder, 'schema.prisma');
  const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
  writeFileSync(file, schema.replace('model Supplier {', 'model Supplier {\n  website String? @unique'));
  expect(await missingMigration({ folder: project.folder, schema: file })).toBe(
    [
      '-- AlterTable',
      'ALTER TABLE "Supplier" ADD COLUMN     "website" TEXT;',
      '',
      '-- CreateIndex',
      'CREATE UNIQUE INDEX "Supplier_website_key" ON "Supplier"("website");',
      '',
    ].join('\n'),
  );
  rmSync(folder, { recursive: true });
});
