// A stream of results whose errors are formatted like those of single results.

import type { ExecutionResult } from 'graphql';
import type { Logger } from '../../base/log.ts';
import { showError } from './show-errors.ts';

type Step = IteratorResult<ExecutionResult, undefined>;

/** An error that ends the stream becomes its last result: clients would reconnect if the connection were just closed. */
export class ShownStream implements AsyncIterableIterator<ExecutionResult> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #requestId: string;
  readonly #log: Logger;
  #failed = false;

  constructor(results: AsyncIterable<ExecutionResult>, requestId: string, log: Logger) {
    this.#results = results[Symbol.asyncIterator]();
    this.#requestId = requestId;
    this.#log = log;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Step> {
    if (this.#failed) return { done: true, value: undefined };
    try {
      const { done, value } = await this.#results.next();
      return done ? { done: true, value: undefined } : { done: false, value: this.#show(value) };
    } catch (error) {
      this.#failed = true;
      return { done: false, value: this.#show({ errors: [error as never] }) };
    }
  }

  async return(): Promise<Step> {
    await this.#results.return?.();
    return { done: true, value: undefined };
  }

  #show(result: ExecutionResult): ExecutionResult {
    if (!result.errors) return result;
    const errors = result.errors.map(error => {
      const shown = showError(error, this.#requestId, this.#log);
      const { http: _, ...rest } = shown.extensions;
      return Object.assign(shown, { extensions: rest });
    });
    return { ...result, errors };
  }
}
