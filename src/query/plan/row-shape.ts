// Writes a row of raw texts as JSON text.

import type { RawRow, RawValue } from '../../base/database/database.ts';
import type { RawKind } from '../sql/output.ts';

export type RowShape = ObjectShape | ColumnShape | FixedShape | WrittenShape;

export interface ObjectShape {
  readonly kind: 'object';
  readonly members: readonly { readonly as: string; readonly shape: RowShape }[];
  /** A column that is null exactly if the object does not exist. */
  readonly presence?: number;
}

interface ColumnShape {
  readonly kind: 'column';
  readonly column: number;
  readonly write: RawKind;
}

interface FixedShape {
  readonly kind: 'fixed';
  readonly json: string;
}

/** Written by a function. */
interface WrittenShape {
  readonly kind: 'written';
  readonly write: RowWriter;
}

export type RowWriter = (row: RawRow) => string;

/** @returns a function that writes a row as a JSON object */
export function rowWriter(shape: RowShape): RowWriter {
  switch (shape.kind) {
    case 'fixed':
      return () => shape.json;
    case 'column':
      return columnWriter(shape);
    case 'written':
      return shape.write;
    case 'object':
      return objectWriter(shape);
  }
}

function objectWriter({ members, presence }: ObjectShape): RowWriter {
  const heads = members.map(({ as }, index) => `${index ? ',' : '{'}${JSON.stringify(as)}:`);
  const writers = members.map(({ shape }) => rowWriter(shape));
  const write = (row: RawRow) => {
    let text = '';
    for (let index = 0; index < writers.length; index++) text += heads[index]! + writers[index]!(row);
    return text === '' ? '{}' : `${text}}`;
  };
  return presence === undefined ? write : row => (row[presence] === null ? 'null' : write(row));
}

function columnWriter({ column, write }: ColumnShape): RowWriter {
  const writeValue = writers[write];
  return row => {
    const value = row[column] as RawValue;
    return value === null ? 'null' : writeValue(value);
  };
}

/** JSON strings must escape these (RFC 8259, section 7); lone surrogates cannot occur in UTF-8. */
const escaped = /["\\\u0000-\u001f]/;

const writers: Readonly<Record<RawKind, (value: string) => string>> = {
  verbatim: value => value,
  number: value => (isFiniteNumber(value) ? value : `"${value}"`),
  odataNumber: value => (isFiniteNumber(value) ? value : `"${value.replace('Infinity', 'INF')}"`),
  boolean: value => (value === 't' ? 'true' : 'false'),
  quoted: value => `"${value}"`,
  text: value => (escaped.test(value) ? JSON.stringify(value) : `"${value}"`),
  entityTag: value => `"W/\\"${value}\\""`,
};

/** PostgreSQL writes NaN, Infinity and -Infinity; every other number begins with a digit, or a minus and a digit. */
function isFiniteNumber(value: string): boolean {
  const code = value.charCodeAt(0);
  return code === 45 ? value.charCodeAt(1) <= 57 : code <= 57;
}
