// What the engine says of a change, in the words and places of OData's body (OData JSON Format 4.01, 21).

import { type ErrorCode, Fault, fault } from '../../base/errors.ts';
import { type ChangeFault, changeFault } from '../../query/change/refusal/fault.ts';

/** Where the body stands in the paths of changes. */
export const bodyPath = 'data';
/** Where what the address says stands in them. */
export const addressPath = 'address';

/** @returns the same as a fault of this door; what is no fault of a change as it is */
export function toWriteFault(error: unknown): unknown {
  const given = error instanceof Fault ? changeFaultsOf(error) : undefined;
  if (!given) return error;
  const faults = given.map(one => ({ ...one, path: toTarget(one.path) }));
  const { message, hint } = changeFault(faults);
  const [first] = faults as [ChangeFault];
  const details = faults.map(({ path, code, message: told, hint: way }) => ({
    code,
    message: way ? `${told} ${way}` : told,
    ...(path && { target: path }),
  }));
  return fault(codeOf(error as Fault, given), message, {
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

/** `data.products[0].price` -> `products[0]/price`. What the address or a header says is no part of the body. */
const toTarget = (path: string): string =>
  /^(?:address|ifVersion)\b/.test(path) ? '' : path.replace(/^data\.?/, '').replaceAll('.', '/');

function codeOf({ code }: Fault, faults: readonly ChangeFault[]): ErrorCode {
  if (faults.some(one => one.code === 'STALE')) return 'PRECONDITION_FAILED';
  const isLost = faults.some(one => one.code === 'NO_SUCH_REFERENCE' && one.path.startsWith(addressPath));
  return isLost ? 'NOT_FOUND' : code;
}
