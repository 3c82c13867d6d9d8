import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missingMigration } from '../../prisma/author-migration.ts';
import { migrationsFolder } from '../../src/base/database/migrate.ts';

test('the migrations lead to the schema', async () => {
  expect(await missingMigration()).toBe('');
});

test('a change of the schema is noticed, and written as a migration', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-schema-'));
  const file = join(folder, 'schema.prisma');
  const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
  writeFileSync(file, schema.replace('model Supplier {', 'model Supplier {\n  website String? @unique'));
  expect(await missingMigration(migrationsFolder, file)).toBe(
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
