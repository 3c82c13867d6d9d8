// Rewrites datamodel.json and tables.sql after schema.prisma has been changed: node test/query/kitchen/generate.ts [folder]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { missingMigration } from '../../../src/cli/author-migration.ts';

const folder = process.argv[2] ? resolve(process.argv[2]) : import.meta.dirname;
const schema = join(folder, 'schema.prisma');
const root = join(import.meta.dirname, '../../..');

const { status, stderr } = spawnSync('npx', ['prisma', 'generate', '--schema', schema], {
  cwd: root,
  encoding: 'utf8',
});
if (status !== 0) throw new Error(stderr);
writeFileSync(
  join(folder, 'tables.sql'),
  await missingMigration({ folder: mkdtempSync(join(tmpdir(), 'kitchen-')), schema }),
);
