import { Fault } from '../../base/errors.ts';

/** Validation errors by field name; the empty name is for errors that concern no single field. */
export type FormErrors = Readonly<Record<string, string | undefined>>;

/** Why a form could not be accepted. */
export interface FormProblem {
  readonly errors: FormErrors;
  readonly fault: Fault;
}

/** Runs the action of a form. @returns the errors to show in the form @throws errors that the user cannot fix */
export async function faultsOf(work: () => Promise<void>): Promise<FormProblem | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const fixable = error instanceof Fault && [400, 409, 429].includes(error.status);
    if (!fixable) throw error;
    const target = error.status === 429 ? '' : (error.target ?? '');
    const text = error.status === 429 ? `${error.message} ${error.hint ?? ''}` : error.message;
    return { errors: { [target]: text }, fault: error };
  }
}
