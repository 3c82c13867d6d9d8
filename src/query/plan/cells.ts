// The values of a row apart from each other, as text: for formats that have columns.

import type { RawRow } from '../../base/database/database.ts';
import type { RawKind } from '../sql/output.ts';
import type { ObjectShape, RowShape } from './row-shape.ts';

/** A value as text, as it would be inside JSON but without quotes; lists, JSON and nested lists are JSON text. */
export type Cell = string | null;

type CellReader = (row: RawRow) => Cell;

/** @returns a function that gives the values of a row, depth first: those of a to-one relation stand where it is selected */
export function cellsReader(shape: ObjectShape): (row: RawRow) => Cell[] {
  const readers = readersOf(shape);
  return row => readers.map(read => read(row));
}

function readersOf({ members, presence }: ObjectShape): CellReader[] {
  const readers = members.flatMap(({ shape }) =>
    shape.kind === 'object' ? readersOf(shape) : readerOf(shape),
  );
  if (presence === undefined) return readers;
  return readers.map(read => row => (row[presence] === null ? null : read(row)));
}

function readerOf(shape: Exclude<RowShape, ObjectShape>): CellReader {
  if (shape.kind === 'written') return shape.write;
  if (shape.kind === 'fixed') {
    const value = String(JSON.parse(shape.json));
    return () => value;
  }
  const { column } = shape;
  const textOf = texts[shape.write];
  if (!textOf) return row => row[column] ?? null;
  return row => {
    const value = row[column] ?? null;
    return value === null ? null : textOf(value);
  };
}

/** The other kinds are text already. */
const texts: Partial<Record<RawKind, (value: string) => string>> = {
  boolean: value => (value === 't' ? 'true' : 'false'),
  odataNumber: value => value.replace('Infinity', 'INF'),
  entityTag: value => `W/"${value}"`,
};
