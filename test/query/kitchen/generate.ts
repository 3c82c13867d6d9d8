// Rewrites datamodel.json and tables.sql after schema.prisma has been changed: node test/query/kitchen/generate.ts

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingMigration } from '../../../src/cli/author-migration.ts';

const folder = import.meta.dirname;
const schema = join(folder, 'schema.prisma');
const root = join(folder, '../../..');

const { status, stderr } = spawnSync('npx', ['prisma', 'generate', '--schema', schema], {
  cwd: root,
  encoding: 'utf8',
});
if (status !== 0) throw new Error(stderr);
writeFileSync(
  join(folder, 'tables.sql'),
  await missingMigration({ folder: mkdtempSync(join(tmpdir(), 'kitchen-')), schema }),
);
