import { Fault } from '../../base/errors.ts';

/** What is wrong with a form, by the name of the field; the empty name is for what concerns no single one. */
export type FormErrors = Readonly<Record<string, string | undefined>>;

/** @returns the validation errors of a submitted form @throws all other errors */
export function toFormErrors(error: unknown): FormErrors {
  if (!(error instanceof Fault) || ![400, 403, 409, 413].includes(error.status)) throw error;
  return { [error.target ?? '']: error.hint ? `${error.message} ${error.hint}` : error.message };
}
