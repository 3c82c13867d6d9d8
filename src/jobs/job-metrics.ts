import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

type Outcome = 'done' | 'failed' | 'interrupted';

export interface QueuedJobs {
  readonly name: string;
  readonly queuedCount: number;
}

const bucketsSeconds = [0.01, 0.1, 1, 5, 15, 60, 300, 900, 3600];

/** Jobs waiting and running, those that ended, and how long they took. */
export class JobMetrics {
  #queued: (() => Promise<readonly QueuedJobs[]>) | undefined;
  readonly #running = new Gauge({
    name: 'portolan_jobs_running',
    help: 'Background jobs that this instance runs',
    labelNames: ['job'],
    registers: [],
  });
  readonly #runs = new Counter({
    name: 'portolan_job_runs_total',
    help: 'Runs of background jobs that have ended, by outcome',
    labelNames: ['job', 'outcome'],
    registers: [],
  });
  readonly #durations = new Histogram({
    name: 'portolan_job_duration_seconds',
    help: 'How long runs of background jobs took',
    labelNames: ['job'],
    buckets: bucketsSeconds,
    registers: [],
  });

  /** @param read the queues of all instances together */
  countQueued(read: () => Promise<readonly QueuedJobs[]>): void {
    this.#queued = read;
  }

  /** @returns what to call when the run has ended */
  begin(job: string): (outcome: Outcome) => void {
    const started = performance.now();
    this.#running.inc({ job });
    return outcome => {
      this.#running.dec({ job });
      this.#runs.inc({ job, outcome });
      this.#durations.observe({ job }, (performance.now() - started) / 1000);
    };
  }

  register(registry: Registry): void {
    for (const metric of [this.#running, this.#runs, this.#durations]) registry.registerMetric(metric);
    const read = async () => (await this.#queued?.().catch(() => undefined)) ?? [];
    new Gauge({
      name: 'portolan_jobs_queued',
      help: 'Background jobs waiting to run on any instance',
      labelNames: ['job'],
      registers: [registry],
      async collect() {
        for (const { name, queuedCount } of await read())
          if (!name.startsWith('__')) this.set({ job: name }, queuedCount);
      },
    });
  }
}
