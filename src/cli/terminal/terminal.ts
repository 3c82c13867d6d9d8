/** What a command sees of the world around it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of the result, for people and pipes: standard output. */
  print(line: string): void;
  /** A line about the result: standard error. */
  say(line: string): void;
}
