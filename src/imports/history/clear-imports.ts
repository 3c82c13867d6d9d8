import type { Database } from '../../base/database/database.ts';
import type { Job } from '../../jobs/job.ts';
import type { ImportPayload } from './accept-import.ts';
import { clearImports, endImport, unendedImports } from './import-store.ts';

const keptDays = 90;
const batchRows = 1_000;

/**
 * Deletes a batch of imports that ended long ago, and ends those whose job has failed too often.
 * @returns whether there may be more
 */
export async function clearOldImports(database: Database, job: Job<ImportPayload>): Promise<boolean> {
  for (const { id, jobId } of await unendedImports(database)) {
    const state = jobId === null ? undefined : await job.state(jobId);
    if (state?.state !== 'queued' && state?.state !== 'running')
      await endImport(database, id, 'failed', interrupted);
  }
  return (await clearImports(database, keptDays, batchRows)) === batchRows;
}

const interrupted = {
  code: 'INTERNAL',
  message: 'The import was interrupted too often.',
  hint: 'Send the file again.',
};
