// Converts the engine's change faults to OData errors, with targets in the request body (OData JSON Format 4.01, 21).

import { type ErrorCode, Fault, fault } from '../../base/errors.ts';
import { type ChangeFault, changeFault } from '../../query/change/refusal/fault.ts';

/** The prefix of the body in the paths of changes. */
export const bodyPath = 'data';
/** The prefix of values from the URL in the paths of changes. */
export const addressPath = 'address';

/** @returns a change fault as an OData fault; any other error unchanged */
export function toWriteFault(error: unknown): unknown {
  const changeFaults = error instanceof Fault ? changeFaultsOf(error) : undefined;
  if (!changeFaults) return error;
  const faults = changeFaults.map(one => ({ ...one, path: toTarget(one.path) }));
  const { message, hint } = changeFault(faults);
  const [first] = faults as [ChangeFault];
  const details = faults.map(({ path, code, message: text, hint: advice }) => ({
    code,
    message: advice ? `${text} ${advice}` : text,
    ...(path && { target: path }),
  }));
  return fault(codeOf(error as Fault, changeFaults), message, {
    hint,
    target: first.path || undefined,
    details,
    cause: error,
  });
}

function changeFaultsOf({ details = [] }: Fault): readonly ChangeFault[] | undefined {
  const isFault = (one: unknown) => typeof one === 'object' && one !== null && 'path' in one;
  return details.length > 0 && details.every(isFault) ? (details as readonly ChangeFault[]) : undefined;
}

/** `data.products[0].price` -> `products[0]/price`. Values from the URL or a header have no place in the body. */
const toTarget = (path: string): string =>
  /^(?:address|ifVersion)\b/.test(path) ? '' : path.replace(/^data\.?/, '').replaceAll('.', '/');

function codeOf({ code }: Fault, faults: readonly ChangeFault[]): ErrorCode {
  if (faults.some(one => one.code === 'STALE')) return 'PRECONDITION_FAILED';
  const isLost = faults.some(one => one.code === 'NO_SUCH_REFERENCE' && one.path.startsWith(addressPath));
  return isLost ? 'NOT_FOUND' : code;
}
