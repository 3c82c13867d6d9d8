import { Fault } from '../../base/errors.ts';

/** What is wrong with a form, by the name of the field; the empty name is for what concerns no single one. */
export type FormErrors = Readonly<Record<string, string | undefined>>;

/** Runs what a form asks for. @returns what was wrong with it @throws what the person who sent it cannot mend */
export async function faultsOf(
  work: () => Promise<void>,
): Promise<{ errors: FormErrors; fault: Fault } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const mendable = error instanceof Fault && [400, 409, 429].includes(error.status);
    if (!mendable) throw error;
    const target = error.status === 429 ? '' : (error.target ?? '');
    const text = error.status === 429 ? `${error.message} ${error.hint ?? ''}` : error.message;
    return { errors: { [target]: text }, fault: error };
  }
}
