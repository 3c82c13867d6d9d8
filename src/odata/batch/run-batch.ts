// Runs the items of a batch. To the client they run one after the other; consecutive reads run concurrently, since none of
// them changes what another one sees.

import type { Session } from '../../base/database/database.ts';
import type { Fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import { mask } from '../../http/message/mask.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import { writtenBy } from '../../query/change/actor.ts';
import { failure } from '../answer/failure.ts';
import type { Handler } from '../model/handler.ts';
import type { Service } from '../model/service.ts';
import { isBatchPath, type Target, toTarget } from '../url/part-target.ts';
import { rootPath } from '../url/service-root.ts';
import { type BatchItem, type BatchPart, isRead } from './batch-part.ts';
import { holds } from './condition.ts';
import { dependsOnPart, type Entity, entityOf } from './part-entity.ts';
import { failedDependency, nestedBatch, tooLong } from './part-faults.ts';
import { PartRequest } from './part-request.ts';
import { inSavepoint, withRetries } from './transactions.ts';

export interface BatchDeps {
  readonly service: Service;
  readonly handler: Handler;
  readonly request: Incoming;
  readonly principal: Principal;
  /** The session of a transaction that the whole batch runs in. */
  readonly session?: Session;
  /** Whether the batch continues after an error. */
  readonly continueOnError: boolean;
}

export interface PartAnswer {
  readonly part: BatchPart;
  readonly answer: Answer;
}

export interface ItemAnswer {
  readonly item: BatchItem;
  /** In the order of the parts. A changeset that failed has only the answer of the part that failed. */
  readonly answers: readonly PartAnswer[];
  readonly failed: boolean;
}

/** Concurrent reads. Answers wait for those before them, so this bounds what is held in memory. */
const concurrencyMax = 4;

export class BatchRun {
  readonly #deps: BatchDeps;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  /** What has succeeded, by the id of the part: the entity's path below the root, and its ETag. */
  #entities = new Map<string, Entity>();
  /** Whether each finished part and changeset succeeded, by id. */
  readonly #outcomes = new Map<string, boolean>();
  #wrote = false;
  #counted = false;

  constructor(deps: BatchDeps) {
    this.#deps = deps;
    this.#signal = AbortSignal.any([deps.request.signal, this.#stop.signal]);
  }

  /** @returns the answers in the order of the items, up to the first error unless the batch continues after errors */
  async *run(items: readonly BatchItem[]): AsyncGenerator<ItemAnswer> {
    const waiting = [...items];
    const running: { item: BatchItem; answer: Promise<ItemAnswer> }[] = [];
    try {
      while (waiting.length + running.length > 0) {
        while (this.#mayStart(waiting[0], running)) {
          const item = waiting.shift()!;
          running.push({ item, answer: this.#start(item) });
        }
        const answer = await running[0]!.answer;
        running.shift();
        yield answer;
        if (answer.failed && !this.#deps.continueOnError) return;
      }
    } finally {
      this.#stop.abort();
      await Promise.allSettled(running.map(({ answer }) => answer));
    }
  }

  #mayStart(item: BatchItem | undefined, running: readonly { item: BatchItem }[]): boolean {
    if (!item || running.length === 0) return item !== undefined;
    const concurrency = this.#deps.session ? 1 : concurrencyMax;
    if (running.length >= concurrency || !isRead(item) || !isRead(running.at(-1)!.item)) return false;
    const open = running.flatMap(({ item: { parts } }) => parts.map(({ id }) => id));
    return !open.some(id => id !== undefined && dependsOnPart(item, id));
  }

  /** Whether anything was written. */
  get wrote(): boolean {
    return this.#wrote;
  }

  /** Never rejects. */
  async #start(item: BatchItem): Promise<ItemAnswer> {
    const answer = await this.#answerItem(item);
    if (!answer.failed && !isRead(item)) this.#wrote = true;
    for (const { id } of item.parts) if (id !== undefined) this.#outcomes.set(id, !answer.failed);
    if (item.group !== undefined) this.#outcomes.set(item.group, !answer.failed);
    return answer;
  }

  async #answerItem(item: BatchItem): Promise<ItemAnswer> {
    const [first] = item.parts;
    if (!this.#mayRun(item)) {
      const answers = item.parts.map(part => ({ part, answer: this.#refuse(failedDependency(), part) }));
      return { item, answers, failed: true };
    }
    if (!first) return { item, answers: [], failed: false };
    if (item.atomic) return this.#answerChangeset(item);
    const { answer, failed } = await this.#answerSingle(first);
    return { item, answers: [{ part: first, answer }], failed };
  }

  #mayRun({ dependsOn, condition }: BatchItem): boolean {
    const succeeded = (id: string) => this.#outcomes.get(id);
    if (condition !== undefined) return holds(condition, succeeded);
    return dependsOn.every(succeeded);
  }

  #answerSingle(part: BatchPart): Promise<Attempt> {
    const { session } = this.#deps;
    if (!session) return this.#answer(part, this.#entities);
    return inSavepoint(session, async () => {
      const attempt = await this.#answer(part, this.#entities, session);
      return { result: attempt, keep: !attempt.failed };
    });
  }

  /** Applies all of it or nothing, and retries after a conflict with a concurrent transaction. */
  async #answerChangeset(item: BatchItem): Promise<ItemAnswer> {
    const { service, principal, session } = this.#deps;
    const attempt = async (inner: Session) => {
      const result = await this.#answerAll(item.parts, inner);
      return { result, keep: !result.failed };
    };
    try {
      const { answers, failed, entities } = await (session
        ? inSavepoint(session, () => attempt(session))
        : withRetries(service.database, writtenBy(principal), attempt));
      if (!failed) this.#entities = entities;
      return { item, answers, failed };
    } catch (error) {
      const [part] = item.parts as [BatchPart];
      return { item, answers: [{ part, answer: this.#refuse(this.#mask(error), part) }], failed: true };
    }
  }

  async #answerAll(parts: readonly BatchPart[], session: Session): Promise<Attempts> {
    const entities = new Map(this.#entities);
    const answers: PartAnswer[] = [];
    for (const part of parts) {
      const { answer, failed, fault } = await this.#answer(part, entities, session);
      if (failed) return { answers: [{ part, answer }], failed, fault, entities };
      answers.push({ part, answer });
    }
    return { answers, failed: false, entities };
  }

  /** @param entities is added to */
  async #answer(part: BatchPart, entities: Map<string, Entity>, session?: Session): Promise<Attempt> {
    let request: PartRequest | undefined;
    try {
      const { service, handler, principal } = this.#deps;
      const referenced = (id: string) => entities.get(id)?.path;
      request = this.#requestOf(part, entities);
      this.#count();
      if (isBatchPath(request.path)) throw nestedBatch();
      const answer = await handler(request, principal, { session, referenced });
      if (part.id !== undefined) entities.set(part.id, entityOf(answer, request, service.config.publicUrl));
      if (answer.body instanceof ReadableStream) throw tooLong(answer.body);
      const shown = part.method === 'HEAD' ? { ...answer, body: undefined } : answer;
      return { answer: shown, failed: answer.status >= 400 };
    } catch (error) {
      const fault = this.#mask(error);
      return { answer: this.#refuse(fault, part, request), failed: true, fault };
    }
  }

  /** Counts a part against the rate limit. The first one is covered by the batch request itself. */
  #count(): void {
    const { service, principal } = this.#deps;
    if (this.#counted) service.requestLimits.admit(principal);
    this.#counted = true;
  }

  #requestOf(part: BatchPart, entities: ReadonlyMap<string, Entity>): PartRequest {
    const { service, request } = this.#deps;
    const target = toTarget(part.url, {
      publicUrl: service.config.publicUrl,
      host: request.header('host'),
      referenced: id => entities.get(id)?.path,
    });
    const headers = new Map(part.headers);
    for (const name of ['if-match', 'if-none-match']) {
      const etag = entities.get(/^\$(\S+)$/.exec(headers.get(name) ?? '')?.[1] ?? '')?.etag;
      if (etag !== undefined) headers.set(name, etag);
    }
    return new PartRequest({ ...part, headers }, target, request, this.#signal);
  }

  #mask(error: unknown): Fault {
    const { service, request } = this.#deps;
    return mask(error, { id: request.id, gone: this.#signal.aborted }, service.log);
  }

  #refuse(fault: Fault, part: BatchPart, request?: Incoming): Answer {
    return failure(fault, request ?? new PartRequest(part, nowhere, this.#deps.request, this.#signal));
  }
}

const nowhere: Target = { path: rootPath, query: '' };

interface Attempt {
  readonly answer: Answer;
  readonly failed: boolean;
  /** The error, when one was thrown. */
  readonly fault?: Fault;
}

interface Attempts extends Omit<Attempt, 'answer'> {
  readonly answers: readonly PartAnswer[];
  readonly entities: Map<string, Entity>;
}
