import { Fault } from '../../base/errors.ts';

/** What is wrong with a form, by the name of the field; the empty name is for what concerns no single one. */
export type FormErrors = Readonly<Record<string, string | undefined>>;

/** @returns what was wrong with what a form asked for @throws what the person who sent it cannot mend */
export function toFormErrors(error: unknown): FormErrors {
  if (!(error instanceof Fault) || ![400, 403, 409, 413].includes(error.status)) throw error;
  return { [error.target ?? '']: error.hint ? `${error.message} ${error.hint}` : error.message };
}
