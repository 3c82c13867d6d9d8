/** The environment and output of a command. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints a line of the result to standard output, so that it can be piped. */
  print(line: string): void;
  /** Prints a message to standard error. */
  say(line: string): void;
}
