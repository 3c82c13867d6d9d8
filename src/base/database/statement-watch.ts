/** How soon after an abort or a timeout the statement is cancelled, at the latest. */
const sweepMs = 50;

export interface Watched<Client> {
  readonly client: Client;
  readonly signal?: AbortSignal;
  /** By `performance.now()`. */
  readonly deadline: number;
  /** Set when the statement is being cancelled; settles when that is over. Never rejects. */
  cancelling?: Promise<void>;
}

/**
 * Ends the statement that this client runs, if it still runs. Settles when no later statement can be hit any more.
 * Absent where the database can't do it, or does it by itself.
 */
export interface StatementCancel<Client> {
  /** The caller no longer wants the answer. */
  readonly aborted?: (client: Client) => Promise<void>;
  /** The statement ran longer than it may. */
  readonly expired?: (client: Client) => Promise<void>;
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

  /** @param timeoutMs 0 for never @returns undefined when there is nothing to watch for */
  begin(client: Client, signal: AbortSignal | undefined, timeoutMs: number): Watched<Client> | undefined {
    const expires = timeoutMs > 0 && this.cancel.expired !== undefined;
    if (!expires && !(signal && this.cancel.aborted)) return undefined;
    const deadline = expires ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
    const watched = { client, signal, deadline };
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
      const { client, signal, deadline } = watched;
      const cancel = now > deadline ? this.cancel.expired : signal?.aborted ? this.cancel.aborted : undefined;
      if (cancel) watched.cancelling ??= cancel(client).catch(() => {});
    }
  }
}
