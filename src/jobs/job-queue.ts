// The queue of jobs, over pg-boss: kinds of jobs are defined while the server is put together, and run once it is started.

import { randomUUID } from 'node:crypto';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '../base/database/database.ts';
import { type Fault, fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Job, JobDefinition, JobState, SendOptions } from './job.ts';
import { JobMetrics } from './job-metrics.ts';
import { JobRunner } from './job-runner.ts';
import { openBoss } from './open-boss.ts';
import { prepareQueues } from './prepare-queues.ts';
import { queueSession } from './queue-database.ts';

export interface JobQueueDeps {
  readonly database: Database;
  readonly log: Logger;
  /** How long running jobs may take to finish when the server stops. */
  readonly graceMs?: number;
}

const graceMsDefault = 10_000;
/** How long after a failed start the next one is tried. */
const startAgainMs = 10_000;

export class JobQueue {
  readonly metrics = new JobMetrics();
  readonly #deps: JobQueueDeps;
  readonly #definitions = new Map<string, JobDefinition>();
  readonly #stopping = new AbortController();
  #boss: PgBoss | undefined;
  #runner: JobRunner | undefined;
  #starting: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: JobQueueDeps) {
    this.#deps = deps;
  }

  /** Adds a kind of job, before the queue is started. */
  define<Payload extends object>(definition: JobDefinition<Payload>): Job<Payload> {
    const { name } = definition;
    if (this.#definitions.has(name)) throw new Error(`The job ${name} is defined twice`);
    // What is stored under its name was sent with its payload.
    this.#definitions.set(name, definition as unknown as JobDefinition);
    return {
      send: (payload, options) => this.#send(name, payload, options),
      cancel: async id => {
        // First, because on the embedded database it may be the job that holds the connection.
        this.#runner?.abort(id);
        await this.#started().cancel(name, id);
      },
      state: id => this.#state(name, id),
    };
  }

  /** Begins to run jobs. Resolves when they run; after a failure, which is logged, it is tried again. */
  start(): Promise<void> {
    if (!this.#stopping.signal.aborted) this.#starting = this.#start();
    return this.#starting;
  }

  /** @returns why no jobs run, or undefined */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Takes no more jobs, waits for those that run, and aborts those that take too long. They run again later. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(): Promise<void> {
    const { database, log } = this.#deps;
    const boss = await openBoss(database, log);
    try {
      await boss.start();
      const definitions = [...this.#definitions.values()];
      await prepareQueues(boss, definitions, database);
      const { signal } = this.#stopping;
      this.#runner = new JobRunner({
        boss,
        kind: database.kind,
        log,
        metrics: this.metrics,
        stopping: signal,
      });
      await this.#runner.work(definitions);
      this.#boss = boss;
      this.metrics.countQueued(() => boss.getQueues());
      this.#problem = undefined;
    } catch (error) {
      await boss.stop({ graceful: false, close: false }).catch(() => {});
      this.#startLater(error as Error);
    }
  }

  #startLater(error: Error): void {
    this.#deps.log.error({ error }, 'background jobs cannot be started');
    this.#problem = 'background jobs do not run: see the log';
    if (!this.#stopping.signal.aborted)
      this.#timer = setTimeout(() => void this.start(), startAgainMs).unref();
  }

  async #stop(): Promise<void> {
    this.#stopping.abort(new Error('The server is stopping.'));
    clearTimeout(this.#timer);
    await this.#starting;
    this.#runner?.close();
    const { graceMs: timeout = graceMsDefault } = this.#deps;
    await this.#boss?.stop({ close: false, timeout });
    this.#boss = undefined;
  }

  async #send(
    name: string,
    payload: object,
    { singletonKey, startAfter, session }: SendOptions = {},
  ): Promise<string | undefined> {
    const options = {
      // All queues allow one job a key.
      singletonKey: singletonKey ?? randomUUID(),
      ...(startAfter && { startAfter }),
      ...inSession(session),
    };
    const id = await this.#started().send(name, payload, options);
    if (id && startAfter) this.#runner?.wakeAt(name, startAfter.getTime());
    return id ?? undefined;
  }

  async #state(name: string, id: string): Promise<JobState | undefined> {
    const [job] = await this.#started().findJobs(name, { id });
    return job && toState(job as JobWithMetadata);
  }

  #started(): PgBoss {
    if (!this.#boss || this.#stopping.signal.aborted) throw notRunning(this.#stopping.signal.aborted);
    return this.#boss;
  }
}

const inSession = (session: SendOptions['session']) => (session ? { db: queueSession(session) } : {});

const states: Readonly<Record<JobWithMetadata['state'], JobState['state']>> = {
  created: 'queued',
  retry: 'queued',
  active: 'running',
  completed: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

const toState = (job: JobWithMetadata): JobState => ({
  state: states[job.state],
  attempts: job.startedOn ? job.retryCount + 1 : job.retryCount,
  createdAt: job.createdOn,
  startedAt: job.startedOn,
  endedAt: job.completedOn,
});

const notRunning = (isStopping: boolean): Fault =>
  fault('UNAVAILABLE', isStopping ? 'The server is stopping.' : 'Background jobs are not running yet.', {
    hint: 'Retry after a few seconds.',
    headers: { 'retry-after': '5' },
  });
