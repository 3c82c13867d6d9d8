// Two processes on one embedded database would silently lose each other's rows, so its folder is locked.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fault } from '../errors.ts';

/**
 * Locks a folder for as long as this process lives, with a file beside it: `<folder>.lock`. The lock is SQLite's, because
 * Node has none of its own: the operating system drops it with the process, however that ends, and no reused process id
 * can be mistaken for the owner. `<folder>.pid` names the owner to people.
 * @returns the release
 * @throws CONFLICT when another process, or this one, holds the lock
 */
export function lockFolder(folder: string): () => void {
  const pidFile = `${folder}.pid`;
  const lock = new DatabaseSync(`${folder}.lock`);
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw fault('CONFLICT', `The database in ${folder} is in use by process ${owner(pidFile)}.`, {
      hint: 'Stop that process, or give this one a DATA_DIR of its own. Several processes can share a DATABASE_URL.',
      cause: error,
    });
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => {
    rmSync(pidFile, { force: true });
    lock.close();
  };
}

function owner(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}
