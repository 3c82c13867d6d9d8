/** How soon after an abort or a timeout the statement is cancelled, at the latest. */
const sweepMs = 50;

export interface Watched<Client> {
  readonly client: Client;
  readonly signal?: AbortSignal;
  /** Whether it waits for locks as long as it takes. */
  readonly patient?: boolean;
  /** When it began, by `performance.now()`. */
  readonly since: number;
  /** By `performance.now()`. */
  readonly deadline: number;
  /** Set when the statement is being cancelled; settles when that is over. Never rejects. */
  cancelling?: Promise<void>;
  /** The error that the caller gets instead of the database's cancellation error. */
  reason?: Error;
  /** Whether it was ended because its time was over. */
  expired?: boolean;
}

/**
 * Ends the statement that this client runs, if it still runs. Settles when no later statement can be hit any more.
 * Absent if the database cannot do it, or does it by itself.
 */
export interface StatementCancel<Client> {
  /** The caller no longer wants the answer. */
  readonly aborted?: (client: Client) => Promise<void>;
  /** The statement ran longer than it may. */
  readonly expired?: (client: Client) => Promise<void>;
  /** Called at every sweep with all that runs. */
  readonly look?: (running: ReadonlySet<Watched<Client>>, now: number) => void;
}

/**
 * Cancels statements whose signal has aborted, or whose time is over. One timer looks at all that run: a listener or a
 * timer for each of thousands of statements a second, nearly all of them shorter than the pause, would cost more.
 */
export class StatementWatch<Client> {
  private readonly running = new Set<Watched<Client>>();
  private readonly cancel: StatementCancel<Client>;
  private timer: NodeJS.Timeout | undefined;

  constructor(cancel: StatementCancel<Client>) {
    this.cancel = cancel;
  }

  /** @param timeoutMs 0 for never */
  begin(
    client: Client,
    {
      signal,
      patient,
      timeoutMs,
    }: Pick<Watched<Client>, 'signal' | 'patient'> & { readonly timeoutMs: number },
  ): Watched<Client> {
    const since = performance.now();
    const deadline = timeoutMs > 0 ? since + timeoutMs : Number.POSITIVE_INFINITY;
    const watched: Watched<Client> = { client, signal, patient, since, deadline };
    this.running.add(watched);
    this.timer ??= setInterval(() => this.sweep(), sweepMs).unref();
    return watched;
  }

  end(watched: Watched<Client>): void {
    this.running.delete(watched);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private sweep(): void {
    if (this.running.size === 0) this.stop();
    const now = performance.now();
    for (const watched of this.running) {
      if (now > watched.deadline) this.expire(watched);
      else if (watched.signal?.aborted) this.abort(watched);
    }
    this.cancel.look?.(this.running, now);
  }

  /** Cancels a statement; its caller gets the reason as the error. */
  abort(watched: Watched<Client>, reason?: Error): void {
    if (watched.cancelling || !this.cancel.aborted) return;
    watched.reason = reason;
    watched.cancelling = this.cancel.aborted(watched.client).catch(() => {});
  }

  /** Also ends what does not heed its cancellation. */
  private expire(watched: Watched<Client>): void {
    if (watched.expired || !this.cancel.expired) return;
    watched.expired = true;
    const ended = this.cancel.expired(watched.client).catch(() => {});
    watched.cancelling ??= ended;
  }
}
