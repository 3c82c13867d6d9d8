// portolan import --watch: every file of a folder, once it has stopped growing. Polls, because network drives report no
// changes.

import { access, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault, fault } from '../../base/errors.ts';
import type { Answer } from '../backend/upload.ts';
import { Reported } from '../terminal/reported.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type ImportResponse, isComplete, reportImport } from './import-report.ts';

export interface Watch {
  readonly folder: string;
  readonly json?: true;
  /** @returns the response, whatever its status @throws UNAVAILABLE */
  readonly send: (path: string) => Promise<Answer>;
}

const pollMs = 500;
/** A file that is not written to for this long is complete. */
const quietMs = 1_500;
const retryMs = 10_000;

/** Runs until the user stops it; the file that is being imported is finished first. @throws NOT_FOUND, Fault for wrong options */
export async function watchFolder(terminal: Terminal, watch: Watch): Promise<void> {
  const { folder } = watch;
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw fault('NOT_FOUND', `There is no folder ${folder}.`);
  const signal = terminal.stopped?.() ?? new AbortController().signal;
  const seen = new Map<string, SeenFile>();
  terminal.say(`Watching ${folder}. Press Ctrl+C to stop.`);
  while (!signal.aborted) {
    const file = await nextQuiet(folder, seen);
    const pauseMs = file === undefined ? pollMs : await importNext(terminal, watch, file);
    await delay(pauseMs, undefined, { signal }).catch(() => {});
  }
}

interface SeenFile {
  readonly state: string;
  readonly since: number;
}

/** @param seen updated by each call @returns the name of a file that has not changed for a while */
async function nextQuiet(folder: string, seen: Map<string, SeenFile>): Promise<string | undefined> {
  const now = performance.now();
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter(entry => entry.isFile() && !isUnfinished(entry.name))
    .map(({ name }) => name)
    .sort();
  for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name);
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (!found) continue;
    const state = `${found.size} ${found.mtimeMs}`;
    const before = seen.get(name);
    if (before?.state !== state) seen.set(name, { state, since: now });
    else if (now - before.since >= quietMs) return name;
  }
  return undefined;
}

/** Hidden files, and the names under which programs write files that are not complete. */
const isUnfinished = (name: string): boolean => /^[.~]|\.(?:part|partial|tmp|crdownload)$/i.test(name);

/** @returns how long to pause before the next file */
async function importNext(terminal: Terminal, watch: Watch, name: string): Promise<number> {
  const { folder, json, send } = watch;
  const answer = await send(join(folder, name)).catch(error => {
    if (!(error instanceof Fault && error.code === 'UNAVAILABLE')) throw error;
    terminal.say(`${error.message} Trying again in ${retryMs / 1_000} s.`);
  });
  if (!answer) return retryMs;
  if (isTransient(answer)) {
    terminal.say(`${(answer.body as ImportResponse).error?.message} Trying again in ${retryMs / 1_000} s.`);
    return retryMs;
  }
  reportImport(terminal, name, answer, json);
  if (!isAboutFile(answer)) throw new Reported();
  const moved = await moveTo(join(folder, isComplete(answer) ? 'done' : 'failed'), folder, name);
  if (!isComplete(answer))
    await writeFile(`${moved}.errors.json`, `${JSON.stringify(answer.body, undefined, 2)}\n`);
  return 0;
}

const isTransient = ({ status }: Answer): boolean => status >= 500 || status === 429 || status === 408;

/** What concerns the key or the options fails for every file: none of them is moved. */
const isAboutFile = ({ status, body }: Answer): boolean => {
  const target = (body as ImportResponse).error?.target;
  return status < 300 || (![401, 403, 404].includes(status) && !options.has(target ?? ''));
};

const options = new Set(['entity', 'mapperId', 'mode', 'onError']);

/** @returns the path to which the file was moved; a file of that name stays, and the new one gets the time in its name */
async function moveTo(target: string, folder: string, name: string): Promise<string> {
  await mkdir(target, { recursive: true });
  const taken = await access(join(target, name)).then(
    () => true,
    () => false,
  );
  const extension = extname(name);
  const time = new Date().toISOString().replace(/[-:]/g, '');
  const path = join(
    target,
    taken ? `${name.slice(0, name.length - extension.length)}-${time}${extension}` : name,
  );
  await rename(join(folder, name), path);
  return path;
}
