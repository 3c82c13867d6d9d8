/** Wrong usage: exit code 2. */
export class UsageFault extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageFault';
    this.hint = hint;
  }
}
