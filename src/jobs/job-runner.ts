// Takes jobs from the queue and runs them.

import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '../base/database/database.ts';
import { Fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { JobDefinition } from './job.ts';
import type { JobMetrics } from './job-metrics.ts';

/** The database notifies of new jobs. This is for notifications that are missed, as can happen between machines. */
const pollSeconds = { postgresql: 60, embedded: 300 };
const pollWithoutNotificationsSeconds = 15;
const heartbeatRefreshSeconds = 10;
const wakeLateMs = 100;

export interface RunnerDeps {
  readonly boss: PgBoss;
  readonly kind: Database['kind'];
  readonly log: Logger;
  readonly metrics: JobMetrics;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

export class JobRunner {
  readonly #deps: RunnerDeps;
  readonly #workers = new Map<string, string[]>();
  readonly #running = new Map<string, AbortController>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** Begins to take jobs of these kinds. */
  async work(definitions: readonly JobDefinition[]): Promise<void> {
    const { boss, kind } = this.#deps;
    const workOptions = {
      includeMetadata: true,
      pollingIntervalSeconds: pollWithoutNotificationsSeconds,
      notifyPollingIntervalSeconds: pollSeconds[kind],
      heartbeatRefreshSeconds,
    } as const;
    for (const definition of definitions) {
      const { name, concurrency = 1 } = definition;
      const ids: string[] = [];
      this.#workers.set(name, ids);
      for (let place = 0; place < concurrency; place++) {
        const handle = async ([job]: JobWithMetadata[]) => {
          await this.#run(definition, job!);
        };
        ids.push(await boss.work(name, workOptions, handle));
      }
    }
  }

  /** Looks for jobs of a kind at a time, if that is before it is done anyway. */
  wakeAt(name: string, at: number): void {
    const ms = at - Date.now() + wakeLateMs;
    if (ms > pollSeconds[this.#deps.kind] * 1000) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#wake(name);
    }, ms).unref();
    this.#timers.add(timer);
  }

  /** Aborts a job that was cancelled, if it runs here. */
  abort(id: string): void {
    this.#running.get(id)?.abort(new Error('The job was cancelled.'));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #wake(name: string): void {
    for (const id of this.#workers.get(name) ?? []) this.#deps.boss.notifyWorker(id);
  }

  async #run(definition: JobDefinition, job: JobWithMetadata): Promise<void> {
    const { log, metrics, stopping } = this.#deps;
    const { name, resumes } = definition;
    const { id, retryCount, retryLimit, retryDelay } = job;
    const attempt = retryCount + 1;
    const cancelled = new AbortController();
    this.#running.set(id, cancelled);
    const signal = AbortSignal.any([job.signal, cancelled.signal, ...(resumes ? [stopping] : [])]);
    const end = metrics.begin(name);
    try {
      await definition.run((job.data as object | null) ?? {}, { id, attempt, signal });
      end('done');
    } catch (error) {
      const isInterrupted = signal.aborted;
      end(isInterrupted ? 'interrupted' : 'failed');
      const about = { job: name, jobId: id, attempt, error };
      const ending = retryCount < retryLimit ? 'and runs again' : 'and does not run again';
      if (isInterrupted) log.info(about, `a job was interrupted ${ending}`);
      else log.error(about, `a job failed ${ending}`);
      this.wakeAt(name, Date.now() + retryDelay * 1000);
      throw storable(error);
    } finally {
      this.#running.delete(id);
      // A worker looks for the next job at once only when notified.
      this.#wake(name);
    }
  }
}

/** The queue stores the error with the job. Messages that are not meant for callers may hold values of rows. */
const storable = (error: unknown): Error =>
  new Error(error instanceof Fault ? error.message : 'The job failed: see the log.');
