import { didYouMean } from '../../base/near-name.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { writableColumns } from '../../query/change/check/writable.ts';
import type { DocumentFaults } from './document-fault.ts';
import type { MapperDocument } from './schema.ts';

/** Checks what is to happen to records that a file does not contain. */
export function checkAbsent(
  faults: DocumentFaults,
  entity: Entity,
  { absent, mode }: MapperDocument,
  match: readonly string[],
): void {
  if (absent.action === 'leave') return;
  if (mode === 'insert')
    faults.add(
      'absent.action',
      `With the mode "insert" the file holds new records only, so all others would be absent.`,
    );
  else if (match.length === 0) faults.add('absent.action', 'Absent records can only be found by a key.');
  const names = [...entity.fields.values()].flatMap(field =>
    field.kind === 'column' && !field.type.list ? field.name : [],
  );
  for (const name of Object.keys(absent.where)) {
    if (!names.includes(name))
      faults.add(
        `absent.where.${name.slice(0, 80)}`,
        `${entity.set} has no such field.`,
        didYouMean(name, names),
      );
  }
  if (absent.action === 'deactivate') checkDeactivation(faults, entity, absent.field);
}

function checkDeactivation(faults: DocumentFaults, entity: Entity, name: string | undefined): void {
  if (name === undefined) {
    faults.add('absent.field', 'A field is required: it is set to "absent.value".');
    return;
  }
  const names = writableColumns(entity, 'update').map(field => field.name);
  if (!names.includes(name)) {
    const message = `${entity.set} has no field "${name.slice(0, 80)}" that can be changed.`;
    faults.add('absent.field', message, didYouMean(name, names));
  }
}
