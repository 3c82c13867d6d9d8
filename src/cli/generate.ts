// Runs the Prisma generators for the project's schema and the platform's, offline. npm runs this after every install
// ("prepare").

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const schemas = ['prisma/schema.prisma', 'src/platform/schema.prisma'];

for (const schema of schemas) generate(schema);

/** Silent on success. On failure, prints Prisma's output and exits with its code. */
function generate(schema: string): void {
  const prisma = join(
    dirname(createRequire(import.meta.url).resolve('prisma/package.json')),
    'build/index.js',
  );
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [prisma, 'generate', '--no-hints', '--schema', schema],
    {
      cwd: root,
      encoding: 'utf8',
      env: environment(),
    },
  );
  if (status === 0) return;
  console.error(error?.message ?? `${stdout}${stderr}`);
  process.exit(status ?? 1);
}

/** Generators are started by name: `node` must be the one that runs this, and the others are in `node_modules/.bin`. */
function environment(): NodeJS.ProcessEnv {
  const folders = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH];
  return { ...process.env, PATH: folders.join(delimiter), CHECKPOINT_DISABLE: '1' };
}
