// What passes between transforms: text, a list, or null; or what is wrong with the value.

/** The codes are those of the errors of an import. */
export class ValueFault {
  readonly code: 'INVALID_VALUE' | 'UNKNOWN_VALUE' | 'OUT_OF_RANGE';
  readonly message: string;

  constructor(code: ValueFault['code'], message: string) {
    this.code = code;
    this.message = message;
  }
}

export type Value = string | readonly string[] | null;

/** A step over text. Lists pass it element by element, and lose the elements that become null. */
export type TextStep = (text: string) => string | null | ValueFault;

/** A step over any value. */
export type Step = (value: Value) => Value | ValueFault;

export const invalid = (message: string): ValueFault => new ValueFault('INVALID_VALUE', message);
