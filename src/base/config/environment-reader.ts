/** Reads typed values out of an environment and collects what is wrong with them, instead of stopping at the first. */
export class EnvironmentReader {
  readonly faults: string[] = [];
  private readonly env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.env = env;
  }

  fault(name: string, problem: string): void {
    this.faults.push(`${name} ${problem}`);
  }

  /** @returns the trimmed value, or undefined when it is absent or empty */
  text(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  /** A whole number in decimal digits. */
  number(name: string, standard: number, min: number, max: number): number {
    const text = this.text(name);
    if (text === undefined) return standard;
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    this.wrong(name, text, `a whole number from ${min} to ${max}`);
    return standard;
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (!/^(false|0|no|off)$/i.test(text)) this.wrong(name, text, 'true or false');
    return false;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name)?.toLowerCase();
    const choice = choices.find(one => one === text);
    if (text !== undefined && choice === undefined) this.wrong(name, text, `one of ${choices.join(', ')}`);
    return choice;
  }

  matching(name: string, pattern: RegExp, expected: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && !pattern.test(text)) this.wrong(name, text, expected);
    return text;
  }

  /** @param secret whether the value may carry a password, and so must not be repeated */
  url(name: string, protocols: readonly string[], { secret = false } = {}): string | undefined {
    const text = this.text(name);
    if (text === undefined || protocols.includes(URL.parse(text)?.protocol ?? '')) return text;
    const expected = `a URL that begins with ${protocols.map(protocol => `${protocol}//`).join(' or ')}`;
    if (secret) this.fault(name, `is not ${expected}`);
    else this.wrong(name, text, expected);
    return text;
  }

  private wrong(name: string, text: string, expected: string): void {
    this.fault(name, `is ${JSON.stringify(text)}; expected ${expected}`);
  }
}
