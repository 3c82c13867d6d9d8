// What the rest of the code sees of jobs.

import type { Session } from '../base/database/database.ts';

export interface JobContext {
  readonly id: string;
  /** 1 for the first run; later ones follow a failure or the end of the process. */
  readonly attempt: number;
  /**
   * Aborts when the job is cancelled, takes longer than it may, or has been given to another instance, and when the
   * server stops. What the job does after that no longer counts.
   */
  readonly signal: AbortSignal;
}

export interface JobDefinition<Payload extends object = object> {
  /** Lower-case words with hyphens, such as `clear-audit-log`. It never changes: stored jobs have it. */
  readonly name: string;
  /** A cron expression, in UTC. A time that passed while no instance ran is made up for once. */
  readonly schedule?: string;
  /** How many run at once on each instance. Default: 1. */
  readonly concurrency?: number;
  /** How often a job that failed, or whose process ended, runs again. Default: never for a scheduled job, else twice. */
  readonly retry?: { readonly limit: number; readonly delaySeconds: number };
  /** How long a run may take. Default: 15 minutes. */
  readonly timeoutSeconds?: number;
  /** Whether it continues where it was interrupted: it is then aborted at once when the server stops. */
  readonly resumes?: boolean;
  /**
   * Runs at least once, and again after a failure: what it does twice must be as good as once.
   * @throws what makes the run fail
   */
  run(payload: Payload, context: JobContext): Promise<void>;
}

export interface SendOptions {
  /** While a job with this key is waiting or running, no other one is added. */
  readonly singletonKey?: string;
  readonly startAfter?: Date;
  /** Of the caller's transaction: the job exists when it commits, and only then. */
  readonly session?: Session;
}

export interface JobState {
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** A kind of job that code can send. */
export interface Job<Payload extends object> {
  /**
   * @returns the id; undefined when there is one with this key already
   * @throws UNAVAILABLE while the server starts or stops
   */
  send(payload: Payload, options?: SendOptions): Promise<string | undefined>;
  /**
   * A waiting job never runs. The signal of a running one aborts: at once if it runs on this instance, else within ten
   * seconds. Nothing happens to one that has ended.
   */
  cancel(id: string): Promise<void>;
  /** @returns undefined for an unknown id: jobs that have ended are kept for a week */
  state(id: string): Promise<JobState | undefined>;
}
