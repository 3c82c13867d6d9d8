// The client programs of the source document, as files: programs/. Their indentation is ours, every other character is
// the document's, placeholders included. What a reader of the document would fill in is filled in when they run.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

/** File name -> the heading that the program has in the document. */
export const programs = {
  'query.ts': 'TypeScript - Using Query API',
  'odata.ts': 'TypeScript - Using OData API',
  'import.ts': 'TypeScript - Using Import API',
  'query.php': 'PHP - Using Query API',
  'odata.php': 'PHP - Using OData API',
  'import.php': 'PHP - Using Import API',
  'authorize.ts': 'TypeScript - Step 1: Redirect User to Authorization',
  'callback.ts': 'TypeScript - Step 2: Handle Callback and Exchange Code',
  'requests.ts': 'TypeScript - Step 3: Making Authenticated Requests',
  'authorize.php': 'PHP - Step 1: Redirect User to Authorization',
  'callback.php': 'PHP - Step 2: Handle Callback and Exchange Code',
  'requests.php': 'PHP - Step 3: Making Authenticated Requests',
  'plugin.ts': 'TypeScript Plugin',
  'plugin.php': 'PHP Plugin',
} as const;

export type ProgramName = keyof typeof programs;

export const programText = (name: ProgramName): string =>
  readFileSync(join(import.meta.dirname, 'programs', name), 'utf8');

/** What a reader of the document fills in. */
export interface Filling {
  readonly url: string;
  readonly key?: string;
  /** Without one, the line of the mapper is left out. */
  readonly mapperId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The app's own address, up to the path. */
  readonly appUrl?: string;
}

export interface Setting extends Filling {
  /** Content of `products.csv`, in the folder where the program runs. */
  readonly csv?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What else runs in the folder, after the program's own text: its caller. */
  readonly after?: string;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a folder of its own until it ends. */
export async function runProgram(name: ProgramName, setting: Setting): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-spec-'));
  try {
    writeFileSync(join(folder, name), fillIn(programText(name), setting) + (setting.after ?? ''));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    if (setting.csv !== undefined) writeFileSync(join(folder, 'products.csv'), setting.csv);
    return await run(name, folder, setting.env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns the program with what it needs put in, and the line of the optional mapper left out without one */
export const fillIn = (
  text: string,
  { url, key, mapperId, clientId, clientSecret, appUrl }: Filling,
): string =>
  text
    .replace('https://your-domain.com', url)
    .replace('your_api_key_here', key ?? '')
    .replace('your_client_id', clientId ?? '')
    .replace('your_client_secret', clientSecret ?? '')
    .replace('https://yourapp.com', appUrl ?? '')
    .replace(mapperId === undefined ? /^.*your-mapper-id.*\n/m : 'your-mapper-id', mapperId ?? '');

async function run(name: string, folder: string, env: Setting['env'] = {}): Promise<Outcome> {
  const [command, ...flags] =
    extname(name) === '.php' ? ['php'] : [process.execPath, '--disable-warning=ExperimentalWarning'];
  const child = spawn(command!, [...flags, name], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Whether PHP with its curl extension is there: Debian's packages php-cli and php-curl. */
export const hasPhp = (): boolean =>
  spawnSync('php', ['-r', 'exit(function_exists("curl_init") ? 0 : 1);']).status === 0;
