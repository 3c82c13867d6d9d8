// How a variable of the environment is declared, and the types that variables have.

import * as v from 'valibot';

/** From the text of the environment to a value. Its description completes "expected …". */
type VariableType<T> = v.GenericSchema<string, T>;

/** One variable. The reader, the type of its value and the reference page all come from this. */
export interface Variable<T = unknown> {
  readonly type: VariableType<T>;
  /** For the reference page: one or two sentences in Markdown. */
  readonly meaning: string;
  readonly default?: T;
  /** What applies without a value, where that is not a constant. */
  readonly otherwise?: string;
  /** Never repeated in a message. */
  readonly secret?: true;
}

/** The value of a variable, which is there in any case if it has a default. */
export type ValueOf<V extends Variable> =
  | v.InferOutput<V['type']>
  | (V extends { readonly default: unknown } ? never : undefined);

export const text = () => v.pipe(v.string(), v.description('text'));

/** @param expected what it is, as in "expected an e-mail address" */
export const matching = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(), v.regex(pattern), v.description(expected));

/** In decimal digits. */
export const wholeNumber = (min: number, max?: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,16}$/),
    v.check(digits => Number(digits) >= min && Number(digits) <= (max ?? Number.MAX_SAFE_INTEGER)),
    v.transform(Number),
    v.description(
      max === undefined ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`,
    ),
  );

export const flag = () =>
  v.pipe(
    v.string(),
    v.regex(/^(true|1|yes|on|false|0|no|off)$/i),
    v.transform(word => /^(true|1|yes|on)$/i.test(word)),
    v.description('true or false'),
  );

export const choice = <const T extends readonly string[]>(...choices: T) =>
  v.pipe(
    v.string(),
    v.check(word => choices.includes(word.toLowerCase())),
    v.transform(word => word.toLowerCase() as T[number]),
    v.description(`one of ${choices.join(', ')}`),
  );

export const url = (...schemes: readonly string[]) =>
  v.pipe(
    v.string(),
    v.check(address => schemes.includes(URL.parse(address)?.protocol ?? '')),
    v.description(`a URL that begins with ${schemes.map(scheme => `${scheme}//`).join(' or ')}`),
  );

/** Declares variables, and keeps the type of each. */
export const declare = <const D extends Readonly<Record<string, Variable>>>(declared: D): D => declared;
