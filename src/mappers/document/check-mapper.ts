// A mapper against the catalog: everything that is wrong is reported together, with its path in the document.

import { didYouMean } from '../../base/near-name.ts';
import type { Principal } from '../../base/principal.ts';
import type { Catalog, ColumnField, Entity } from '../../catalog/catalog.ts';
import { waysToOne } from '../../catalog/ways-to-one.ts';
import { mayWriteField, mayWriteSet } from '../../query/change/check/access.ts';
import { isRequired, upsertKey, writableColumns } from '../../query/change/check/writable.ts';
import { checkAbsent } from './check-absent.ts';
import { checkShape } from './check-shape.ts';
import { checkPattern, checkTransforms } from './check-transforms.ts';
import { DocumentFaults, documentFault } from './document-fault.ts';
import type { MapperColumn, MapperDocument, Source } from './schema.ts';
import { fieldsOf, isTargetFault, type MapperTarget, targetOf } from './target.ts';

/** A document that fits the catalog, and what its names stand for. */
export interface CheckedMapper {
  /** With the entity by the name of its set. */
  readonly document: MapperDocument;
  readonly entity: Entity;
  /** What each of the columns writes to, in their order. */
  readonly targets: readonly MapperTarget[];
  /** Names of the fields by which rows are matched; none for new rows without a key. */
  readonly match: readonly string[];
}

/**
 * @param principal for suggestions: only what it may write is suggested. Absent: everything
 * @throws INVALID_VALUE with every error in its details: `{path, message, hint}`
 */
export function checkMapper(input: unknown, catalog: Catalog, principal?: Principal): CheckedMapper {
  const shape = checkShape(input);
  if ('faults' in shape) throw documentFault(shape.faults);
  const faults = new DocumentFaults();
  const entity = entityOf(faults, catalog, shape.document.entity, principal);
  if (!entity) throw documentFault(faults.list);
  const document = { ...shape.document, entity: entity.set };
  const targets = checkColumns(faults, { catalog, entity, document, principal });
  const match = checkKey(faults, entity, document, targets);
  checkCounted(faults, targets, match);
  checkConditions(faults, document);
  checkAbsent(faults, entity, document, match);
  if (faults.list.length > 0) throw documentFault(faults.list);
  return { document, entity, targets: targets as MapperTarget[], match };
}

function entityOf(
  faults: DocumentFaults,
  catalog: Catalog,
  name: string,
  principal?: Principal,
): Entity | undefined {
  const entities = [...catalog.sets.values()];
  const lowerName = name.trim().toLowerCase();
  const found =
    catalog.sets.get(name) ??
    entities.find(one => [one.set, one.name, one.single].some(word => word.toLowerCase() === lowerName));
  if (found) return found;
  const known = entities.filter(one => !principal || mayWriteSet(principal, one)).map(one => one.set);
  faults.add('entity', `There is no set "${name.slice(0, 80)}".`, didYouMean(name, known));
  return undefined;
}

interface Checked {
  readonly catalog: Catalog;
  readonly entity: Entity;
  readonly document: MapperDocument;
  readonly principal?: Principal;
}

/** @returns the targets; undefined for a column at fault */
function checkColumns(faults: DocumentFaults, { catalog, entity, document, principal }: Checked) {
  const known = writableColumns(entity, 'insert')
    .map(field => field.name)
    .filter(name => !principal || mayWriteField(principal, entity, name));
  const setBy = new Map<string, number>();
  return document.columns.map((column, place): MapperTarget | undefined => {
    const path = `columns[${place}]`;
    checkSource(faults, path, column, document.format.header);
    const target = targetOf(catalog, entity, column, known);
    if (isTargetFault(target)) {
      faults.add(`${path}.field`, target.message, target.hint);
      return undefined;
    }
    checkTransforms(faults, path, column, target);
    checkCreate(faults, path, column, target);
    for (const name of fieldsOf(target)) {
      const first = setBy.get(name);
      if (first === undefined) setBy.set(name, place);
      else faults.add(`${path}.field`, `columns[${first}] sets "${name}" as well.`);
    }
    return target;
  });
}

function checkSource(faults: DocumentFaults, path: string, column: MapperColumn, header: boolean): void {
  const { source, concat, constant } = column;
  const given = [source, concat, constant].filter(one => one !== undefined).length;
  if (given !== 1) {
    faults.add(path, 'A column needs exactly one of "source", "concat" and "constant".');
    return;
  }
  if (constant !== undefined && column.fillDown) faults.add(`${path}.fillDown`, 'A constant is never empty.');
  if (header) return;
  if (column.fillDown) checkNumbers(faults, `${path}.fillDown.within`, column.fillDown.within);
  if (source !== undefined) checkNumbers(faults, `${path}.source`, source);
  for (const [at, one] of concat?.sources.entries() ?? [])
    checkNumbers(faults, `${path}.concat.sources[${at}]`, one);
}

function checkNumbers(faults: DocumentFaults, path: string, source: Source): void {
  if ([source].flat().every(one => typeof one === 'number')) return;
  faults.add(path, 'The file has no header, so its columns have numbers only.', 'The first column is 1.');
}

function checkCreate(faults: DocumentFaults, path: string, column: MapperColumn, target: MapperTarget): void {
  if (!column.createMissing) return;
  const at = `${path}.createMissing`;
  if (target.kind === 'field') {
    faults.add(at, `"${target.field.name}" is not a relation.`);
    return;
  }
  const columns = writableColumns(target.target, 'insert');
  const names = columns.map(field => field.name);
  for (const name of Object.keys(column.createMissing.values)) {
    if (!names.includes(name))
      faults.add(
        `${at}.values.${name.slice(0, 80)}`,
        `${target.target.set} has no such field.`,
        didYouMean(name, names),
      );
  }
  const supplied = new Set([...Object.keys(column.createMissing.values), target.key.name]);
  if (target.kind === 'tree') supplied.add(target.label.name);
  for (const name of missingFields(columns, supplied))
    faults.add(`${at}.values`, `New records of ${target.target.set} need "${name}".`);
}

const missingFields = (columns: readonly ColumnField[], supplied: ReadonlySet<string>): string[] =>
  columns.filter(field => isRequired(field) && !supplied.has(field.name)).map(field => field.name);

/** @returns the fields by which rows are matched */
function checkKey(
  faults: DocumentFaults,
  entity: Entity,
  { key, mode }: MapperDocument,
  targets: readonly (MapperTarget | undefined)[],
): readonly string[] {
  const set = new Set(targets.flatMap(target => (target ? fieldsOf(target) : [])));
  // A column at fault may be the one that is missing.
  if (!targets.includes(undefined)) checkRequired(faults, entity, mode, set);
  const match = key ?? upsertKey(entity) ?? (mode === 'update' ? entity.key : undefined);
  if (key && !isKey(entity, key)) {
    const keys = waysToOne(entity).map(way => way.join(' and '));
    faults.add(
      'key',
      `${key.join(' and ')} is not a key of ${entity.set}.`,
      `Its keys are ${keys.join(', ')}.`,
    );
    return [];
  }
  const counted = match?.find(name => (entity.fields.get(name) as ColumnField).counted);
  if (counted !== undefined && mode !== 'update') {
    faults.add('key', `New records get "${counted}" from the server.`, 'Use the mode "update".');
    return match!;
  }
  if (match?.every(name => set.has(name))) return match;
  if (mode === 'insert' && !key) return [];
  if (!match)
    faults.add(
      'mode',
      `Records of ${entity.set} have no key that a file could hold.`,
      'Use the mode "insert".',
    );
  else if (!targets.includes(undefined))
    faults.add(
      'columns',
      `No column sets ${match.filter(name => !set.has(name)).join(' and ')}, by which rows are matched.`,
    );
  return [];
}

/** What the database counts up serves to find records, and is never written. */
function checkCounted(
  faults: DocumentFaults,
  targets: readonly (MapperTarget | undefined)[],
  match: readonly string[],
): void {
  for (const [place, target] of targets.entries()) {
    if (target?.kind !== 'field' || !target.field.counted || match.includes(target.field.name)) continue;
    const { name } = target.field;
    const hint = `Leave it out, or match rows by it: "key": ["${name}"], "mode": "update".`;
    faults.add(`columns[${place}].field`, `"${name}" is set by the server.`, hint);
  }
}

const isKey = (entity: Entity, key: readonly string[]): boolean =>
  waysToOne(entity).some(way => way.length === key.length && way.every(name => key.includes(name)));

function checkRequired(
  faults: DocumentFaults,
  entity: Entity,
  mode: MapperDocument['mode'],
  set: ReadonlySet<string>,
): void {
  if (mode === 'update') return;
  for (const name of missingFields(writableColumns(entity, 'insert'), set))
    faults.add(
      'columns',
      `No column sets "${name}", which new records need.`,
      'Add it, or use the mode "update".',
    );
}

function checkConditions(faults: DocumentFaults, { skip, format }: MapperDocument): void {
  for (const [place, condition] of skip.entries()) {
    const path = `skip[${place}]`;
    const { is, in: words, notIn, matches } = condition;
    if ([is, words, notIn, matches].filter(one => one !== undefined).length !== 1)
      faults.add(path, 'A condition needs exactly one of "is", "in", "notIn" and "matches".');
    if (matches !== undefined) checkPattern(faults, path, matches);
    if (!format.header) checkNumbers(faults, `${path}.source`, condition.source);
  }
}
