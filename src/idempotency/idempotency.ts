// Runs a write once per Idempotency-Key. The key and the answer are stored in the transaction of the write itself: after a
// crash there are either both or neither.

import type { Database, Session, TransactionOptions } from '../base/database/database.ts';
import { sqlStateOf } from '../base/database/errors.ts';
import { fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { type Claim, claim, clearAnswers, keep } from './kept-answers.ts';

/** How long a second request waits for the first. */
const waitMs = 5_000;

/** An answer, and whether to store it. If not, the write is rolled back. */
export interface Performed {
  readonly answer: Answer;
  readonly keep: boolean;
}

export interface Once {
  /** @param work is rolled back if it throws, or if its answer is not to be kept @throws CONFLICT, IDEMPOTENCY_KEY_REUSED, errors of `work` */
  perform(options: TransactionOptions, work: (session: Session) => Promise<Performed>): Promise<Answer>;
}

export class Idempotency {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @param fingerprint of everything that determines what the request does
   * @returns undefined for a request without a key @throws INVALID_VALUE
   */
  async claimOf(
    request: Incoming,
    { kind, id }: Principal,
    fingerprint: () => string | Promise<string>,
  ): Promise<Once | undefined> {
    const key = idempotencyKey(request);
    if (key === undefined) return undefined;
    const own = { owner: `${kind}:${id}`, key, fingerprint: await fingerprint() };
    return { perform: (options, work) => this.#perform(own, options, work) };
  }

  /** For a request without a key: the transaction is rolled back in the same cases, and the answer is not stored. */
  readonly unclaimed: Once = {
    perform: (options, work) => this.#transaction(options, session => work(session).then(kept)),
  };

  /** Deletes a batch of expired answers. @returns whether there may be more */
  clear(): Promise<boolean> {
    return clearAnswers(this.#database);
  }

  #perform(
    own: Claim,
    options: TransactionOptions,
    work: (session: Session) => Promise<Performed>,
  ): Promise<Answer> {
    const settings = { ...options.settings, lock_timeout: `${waitMs}ms` };
    return this.#transaction({ ...options, settings }, session => answerOnce(session, own, work));
  }

  async #transaction(
    options: TransactionOptions,
    work: (session: Session) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await this.#database.transaction(work, options);
    } catch (error) {
      if (error instanceof Undone) return error.answer;
      throw error;
    }
  }
}

async function answerOnce(
  session: Session,
  own: Claim,
  work: (session: Session) => Promise<Performed>,
): Promise<Answer> {
  const earlier = await claim(session, own).catch(error => {
    throw sqlStateOf(error) === lockTimeout ? stillRunning(error) : error;
  });
  if (earlier) {
    if (earlier.fingerprint !== own.fingerprint) throw otherRequest(own.key);
    return { ...earlier.answer, headers: { ...earlier.answer.headers, 'idempotent-replayed': 'true' } };
  }
  const answer = kept(await work(session));
  await keep(session, own, answer);
  return answer;
}

/** @throws Undone to roll back what its answer is not to be kept of */
function kept({ answer, keep: isKept }: Performed): Answer {
  if (!isKept) throw new Undone(answer);
  return answer;
}

/** Thrown to roll back. */
class Undone extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('The write was rolled back.');
    this.answer = answer;
  }
}

const otherRequest = (key: string) =>
  fault('IDEMPOTENCY_KEY_REUSED', `The Idempotency-Key "${key}" was already used for a different request.`, {
    hint: 'Use a new key for each new request. To retry, repeat the request unchanged.',
    target: 'idempotency-key',
  });

const lockTimeout = '55P03';

const stillRunning = (cause: unknown) =>
  fault('CONFLICT', 'A request with this Idempotency-Key is still being processed.', {
    hint: 'Retry after a few seconds.',
    headers: { 'retry-after': '5' },
    target: 'idempotency-key',
    cause,
  });
