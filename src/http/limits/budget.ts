// What each credential may use in a period. No request waits for the count: it is admitted by the last known count and by
// what is still being counted. So counting in Redis adds no latency, and a burst cannot exceed the limit.

import type { Consumed, CreateLimiter, Limiter } from '../../base/memory/rate-limiter.ts';

export interface BudgetLimit {
  /** 0: unlimited. */
  readonly points: number;
  readonly seconds: number;
}

/** What is left to one credential. */
export interface Balance {
  readonly remaining: number;
  /** Seconds until the period begins anew. */
  readonly reset: number;
}

interface Sender {
  /** The last known count. */
  last?: Consumed;
  /** `performance.now()` of the last known count. */
  countedAt: number;
  /** Points that are still being counted. */
  pending: number;
  /** Points that are counted with the next flush. */
  held: number;
}

const sendersMax = 20_000;
/** How long the points of one credential are added up before they are counted. */
const holdMs = 50;

export class Budget {
  /** For the header RateLimit-Policy: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
  readonly policy: string;
  readonly #name: string;
  readonly #limit: BudgetLimit;
  readonly #limiter: Limiter;
  readonly #senders = new Map<string, Sender>();
  readonly #held = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param name of the policy in the headers @param counter of the count, which all instances share */
  constructor(name: string, counter: string, limit: BudgetLimit, createLimiter: CreateLimiter) {
    this.#name = name;
    this.#limit = limit;
    this.#limiter = createLimiter({ name: counter, ...limit });
    this.policy = `"${name}";q=${limit.points};w=${limit.seconds}`;
  }

  balance(key: string): Balance {
    const { points, seconds } = this.#limit;
    const sender = this.#senders.get(key);
    if (!sender) return { remaining: points, reset: seconds };
    const { last, pending, held } = sender;
    const left = last ? last.resetSeconds - (performance.now() - sender.countedAt) / 1_000 : 0;
    const known = last && left > 0;
    const remaining = (known ? last.remaining : points) - pending - held;
    return { remaining: Math.max(0, remaining), reset: known ? Math.ceil(left) : seconds };
  }

  /** For the header RateLimit. */
  header({ remaining, reset }: Balance): string {
    return `"${this.#name}";r=${remaining};t=${reset}`;
  }

  /** Counts at once. */
  take(key: string, points: number): void {
    this.#count(key, this.#senderOf(key), points);
  }

  /** Counts a little later, together with what else the credential uses until then. */
  takeSoon(key: string, points: number): void {
    this.#senderOf(key).held += points;
    this.#held.add(key);
    this.#timer ??= setTimeout(() => this.#flush(), holdMs).unref();
  }

  #flush(): void {
    this.#timer = undefined;
    for (const key of this.#held) {
      const sender = this.#senderOf(key);
      const { held } = sender;
      sender.held = 0;
      this.#count(key, sender, held);
    }
    this.#held.clear();
  }

  #count(key: string, sender: Sender, points: number): void {
    if (points === 0) return;
    sender.pending += points;
    const counted = this.#limiter.consume(key, points).then(consumed => {
      sender.last = consumed;
      sender.countedAt = performance.now();
    });
    // A limiter that fails blocks no requests.
    const over = () => {
      sender.pending -= points;
    };
    counted.then(over, over);
  }

  #senderOf(key: string): Sender {
    const known = this.#senders.get(key);
    if (known) return known;
    if (this.#senders.size >= sendersMax) this.#senders.delete(this.#senders.keys().next().value!);
    const sender: Sender = { countedAt: 0, pending: 0, held: 0 };
    this.#senders.set(key, sender);
    return sender;
  }
}
