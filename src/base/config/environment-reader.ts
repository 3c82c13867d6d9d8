import * as v from 'valibot';
import type { ValueOf, Variable } from './variable.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type Values<D extends Readonly<Record<string, Variable>>> = {
  readonly [Name in keyof D]: ValueOf<D[Name]>;
};

/** The values of declared variables, and everything that is wrong with them, instead of only the first fault. */
export class EnvironmentReader<D extends Readonly<Record<string, Variable>>> {
  readonly values: Values<D>;
  readonly #names: readonly string[];
  /** The names that have a value, valid or not. */
  readonly #set: ReadonlySet<string>;
  readonly #faults: { readonly name: string; readonly problem: string }[] = [];

  /** An empty variable counts as absent. */
  constructor(declared: D, env: Environment) {
    this.#names = Object.keys(declared);
    this.#set = new Set(this.#names.filter(name => env[name]?.trim()));
    this.values = Object.fromEntries(
      Object.entries(declared).map(([name, variable]) => [
        name,
        this.#read(name, variable, env[name]?.trim()),
      ]),
    ) as Values<D>;
  }

  fault(name: keyof D & string, problem: string): void {
    this.#faults.push({ name, problem });
  }

  /** Adds a fault if one variable is set without another that it requires. */
  require(name: keyof D & string, requiredWith: keyof D & string, help?: string): void {
    if (!this.#set.has(requiredWith) || this.#set.has(name)) return;
    this.fault(name, `is missing, and required with ${requiredWith}${help ? `; ${help}` : ''}`);
  }

  /** One line each, in the order in which the variables are declared. */
  get faults(): readonly string[] {
    const order = this.#names;
    return this.#faults
      .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
      .map(({ name, problem }) => `${name} ${problem}`);
  }

  #read(name: string, { type, default: standard, secret }: Variable, text: string | undefined): unknown {
    if (!text) return standard;
    const result = v.safeParse(type, text, { abortPipeEarly: true, message: problemOf(text, type, secret) });
    if (result.success) return result.output;
    for (const { message } of result.issues) this.fault(name, message);
    return standard;
  }
}

/** For types that do not describe the problem themselves. */
function problemOf(text: string, type: Variable['type'], secret: true | undefined): string {
  const expected = v.getDescription(type);
  return secret ? `is not ${expected}` : `is ${JSON.stringify(text)}; expected ${expected}`;
}
