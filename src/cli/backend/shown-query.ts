import type { Backend } from './backend.ts';

/** The body of a request to the Query API. */
export interface QueryInput {
  readonly query: string;
  readonly variables?: unknown;
}

export interface QueryResult {
  /** JSON, with all digits of its numbers. */
  readonly text: string;
  /** The lists that were cut, as the response header says it. */
  readonly truncated: string | null;
}

export interface QueryBackend extends Backend {
  run(input: QueryInput): Promise<QueryResult>;
}
