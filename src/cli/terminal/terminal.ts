import type { Writable } from 'node:stream';

/** The environment and output of a command. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints a line of the result to standard output, so that it can be piped. */
  print(line: string): void;
  /** Prints a message to standard error. */
  say(line: string): void;
  /** Standard output, for a result that is a file. */
  readonly output?: Writable;
  /** Replaces the line that shows progress, on standard error; '' removes it. Absent where nobody watches. */
  readonly status?: (line: string) => void;
  /** @returns what is aborted when the user stops the command (Ctrl+C). Without a call, that ends the process. */
  readonly stopped?: () => AbortSignal;
}
