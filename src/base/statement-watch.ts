/** How soon after an abort the statement is cancelled, at the latest. */
const sweepMs = 50;

export interface Watched<Client> {
  readonly client: Client;
  readonly signal: AbortSignal;
  /** Set when the statement is being cancelled; settles when that is over. Never rejects. */
  cancelling?: Promise<void>;
}

/**
 * Cancels statements whose signal has aborted. One timer looks at all that run: an abort listener for each of
 * thousands of statements a second, nearly all of them shorter than the pause, would cost more than the sweeps.
 */
export class StatementWatch<Client> {
  private readonly running = new Set<Watched<Client>>();
  private readonly cancel: (client: Client) => Promise<void>;
  private timer: NodeJS.Timeout | undefined;

  constructor(cancel: (client: Client) => Promise<void>) {
    this.cancel = cancel;
  }

  begin(client: Client, signal: AbortSignal): Watched<Client> {
    const watched = { client, signal };
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
    for (const watched of this.running) {
      if (watched.signal.aborted) watched.cancelling ??= this.cancel(watched.client).catch(() => {});
    }
  }
}
