import { type Fault, fault } from '../../base/errors.ts';

/** What is wrong with a document, and where. */
export interface DocumentFault {
  /** `columns[3].transforms[0].format`; empty for the document itself. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** Collects everything that is wrong, so that it is reported together. */
export class DocumentFaults {
  readonly list: DocumentFault[] = [];

  add(path: string, message: string, hint?: string): void {
    this.list.push(hint === undefined ? { path, message } : { path, message, hint });
  }
}

const shownMax = 3;

/** @returns the fault to throw for a document with these errors: all are in its details */
export function documentFault(faults: readonly DocumentFault[]): Fault {
  const shown = faults.slice(0, shownMax);
  const texts = shown.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join(' ');
  const hints = [...new Set(shown.flatMap(({ hint }) => hint ?? []))].join(' ');
  return fault(
    'INVALID_VALUE',
    faults.length === 1 ? texts : `The mapper has ${faults.length} errors: ${texts}`,
    { target: faults[0]?.path || 'mapper', hint: hints || undefined, details: faults },
  );
}

/** @returns a path of names and numbers as `columns[3].field` */
export const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`))
    .join('');
