import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/base/database/database.ts';
import { openEmbedded } from '../../src/base/database/embedded.ts';
import { fillDemo, fillPlain, type MadeTemplates } from './templates.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/portolan-test');

/** Whatever changes the templates. The lock file stands for the version of the embedded database. */
const sources = [
  'prisma/migrations',
  'src/platform',
  'prisma/demo',
  'schema',
  'src/changes',
  'src/query/install-search.ts',
  'src/query/sql/search.ts',
  'src/jobs',
  'package-lock.json',
  'test/setup',
];

/**
 * Templates outlive the run: they are made anew only when their sources have changed.
 * @param place the folder for copies
 */
export async function makeEmbeddedTemplates(place: string): Promise<MadeTemplates> {
  const folder = join(cache, fingerprint());
  const demoFailure = existsSync(folder) ? undefined : await make(folder);
  const [plain, demo] = [join(folder, 'plain'), join(folder, 'demo')];
  return {
    templates: { kind: 'embedded', place, prefix: 'data', plain, demo, demoFailure },
    remove: async () => {
      if (demoFailure !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns why the demo catalogue cannot be loaded, if it cannot */
async function make(folder: string): Promise<string | undefined> {
  // Made aside and put in place whole: another run may look at the same time.
  const draft = `${folder}-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  await fill(join(draft, 'plain'), fillPlain);
  cpSync(join(draft, 'plain'), join(draft, 'demo'), { recursive: true });
  const failure = await fill(join(draft, 'demo'), fillDemo);
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true });
  }
  removeOld();
  return failure;
}

async function fill<T>(dataDir: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openEmbedded({ dataDir });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesOf)) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesOf(source: string): string[] {
  const path = join(root, source);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

const dayMs = 86_400_000;

function removeOld(): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path, { recursive: true, force: true });
  }
}
