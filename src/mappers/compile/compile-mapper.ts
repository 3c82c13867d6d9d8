// A mapper -> functions: first over the header of a file, then over the cells of each row.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { CheckedMapper } from '../document/check-mapper.ts';
import type { MapperColumn, Source } from '../document/schema.ts';
import type { MapperTarget } from '../document/target.ts';
import { compileTransforms } from '../transforms/compile-transforms.ts';
import { type Step, ValueFault } from '../transforms/value.ts';
import { type CellTest, cellTest } from './conditions.ts';
import { describeSource, type Header, headerOf } from './header.ts';

export interface CompiledMapper extends CheckedMapper {
  /**
   * @param names of the file's columns; undefined for a file without a header
   * @throws UNKNOWN_FIELD with every column that is missing in its details
   */
  bind(names: readonly string[] | undefined): BoundMapper;
}

/** A mapper for files with one header. */
export interface BoundMapper {
  /** The columns that are written: those that the file lacks and may lack are left out. */
  readonly columns: readonly BoundColumn[];
  /** Columns of the file that the mapper does not use. */
  readonly unused: readonly string[];
  /** Rows are passed in the order of the file. @returns the values of a row, or undefined for a row that a condition leaves out */
  map(cells: readonly string[]): MappedRow | undefined;
}

interface BoundColumn {
  readonly target: MapperTarget;
  /** The places of the cells that it reads, from 0; none for a constant. */
  readonly places: readonly number[];
  /** The columns of the file, as their header names them. */
  readonly header: string;
}

interface MappedRow {
  /** One for each column, as an import would expect it in a cell: lists as JSON. null for an empty cell, and for one at fault. */
  readonly values: readonly (string | null)[];
  readonly faults?: readonly MappedFault[];
}

interface MappedFault {
  /** Of the column, in `columns`. */
  readonly column: number;
  readonly code: ValueFault['code'];
  readonly message: string;
}

/** @param mapper that was checked against the catalog */
export function compileMapper(mapper: CheckedMapper): CompiledMapper {
  const compiled = mapper.document.columns.map((column, place) => ({
    column,
    target: mapper.targets[place]!,
    step: compileTransforms(column.transforms),
  }));
  const tests = mapper.document.skip.map(condition => ({
    source: condition.source,
    test: cellTest(condition),
  }));
  return {
    ...mapper,
    bind(names) {
      const header = headerOf(names);
      const places = new HeaderPlaces(header);
      const columns = compiled.flatMap(one => bindColumn(places, one) ?? []);
      const skips = tests.flatMap(({ source, test }) => {
        const place = places.required(source);
        return place === undefined ? [] : { place, test };
      });
      places.check();
      return { columns, unused: places.unused(), map: rowMapper(columns, skips) };
    },
  };
}

interface CompiledColumn {
  readonly column: MapperColumn;
  readonly target: MapperTarget;
  readonly step: Step;
}

type ReadColumn = BoundColumn & { readonly read: CellReader; readonly step: Step };

function bindColumn(places: HeaderPlaces, { column, target, step }: CompiledColumn): ReadColumn | undefined {
  const { source, concat, constant, optional } = column;
  if (constant !== undefined) return { target, step, places: [], header: '', read: () => constant };
  const sources = concat?.sources ?? [source!];
  const found = sources.flatMap(one => (optional ? places.optional(one) : places.required(one)) ?? []);
  if (found.length === 0) return undefined;
  const header = found.map(place => places.header.nameOf(place)).join(', ');
  const within = column.fillDown && places.required(column.fillDown.within);
  const cells = found.map(place =>
    within === undefined ? cellAt(place) : filledDown(cellAt(place), within),
  );
  const read = concat ? joined(cells, concat.separator) : cells[0]!;
  return { target, step, places: found, header, read };
}

type CellReader = (cells: readonly string[]) => string | null;

/** Blank cells are null. */
const cellAt =
  (place: number): CellReader =>
  cells => {
    const cell = cells[place];
    return cell === undefined || cell === '' || cell.trim() === '' ? null : cell;
  };

/** Files of one header are read from top to bottom: what is remembered is the last row's. */
function filledDown(read: CellReader, within: number): CellReader {
  let group: string | undefined;
  let last: string | null = null;
  return cells => {
    const current = (cells[within] ?? '').trim();
    const value = read(cells);
    if (value !== null || current === '' || current !== group) {
      group = current;
      last = value;
    }
    return last;
  };
}

const joined =
  (readers: readonly CellReader[], separator: string): CellReader =>
  cells => {
    const parts: string[] = [];
    for (const read of readers) {
      const cell = read(cells)?.trim();
      if (cell) parts.push(cell);
    }
    return parts.length > 0 ? parts.join(separator) : null;
  };

function rowMapper(
  columns: readonly ReadColumn[],
  skips: readonly { readonly place: number; readonly test: CellTest }[],
): BoundMapper['map'] {
  return cells => {
    for (const { place, test } of skips) if (test(cells[place] ?? '')) return undefined;
    const values: (string | null)[] = [];
    let faults: MappedFault[] | undefined;
    for (let column = 0; column < columns.length; column++) {
      const { read, step } = columns[column]!;
      const value = step(read(cells));
      if (typeof value === 'string' || value === null) values.push(value);
      else if (value instanceof ValueFault) {
        values.push(null);
        faults ??= [];
        faults.push({ column, code: value.code, message: value.message });
      } else values.push(JSON.stringify(value));
    }
    return faults ? { values, faults } : { values };
  };
}

/** Looks up columns, and collects those that are missing. */
class HeaderPlaces {
  readonly header: Header;
  readonly #used = new Set<number>();
  readonly #missing: { column: string; message: string; hint?: string }[] = [];

  constructor(header: Header) {
    this.header = header;
  }

  optional(source: Source): number | undefined {
    const place = this.header.find(source);
    if (place === 'ambiguous') {
      const column = describeSource(source);
      const hint = 'Rename one of them, or let the mapper name the column by its number.';
      this.#missing.push({ column, message: `The file has several columns ${column}.`, hint });
      return undefined;
    }
    if (place !== undefined) this.#used.add(place);
    return place;
  }

  required(source: Source): number | undefined {
    const place = this.optional(source);
    if (place === undefined && this.header.find(source) === undefined) this.#report(source);
    return place;
  }

  #report(source: Source): void {
    const column = describeSource(source);
    if (this.#missing.some(one => one.column === column)) return;
    const first = [source].flat().find(one => typeof one === 'string');
    const hint = first === undefined ? undefined : didYouMean(first, this.header.names);
    this.#missing.push({ column, message: `The file has no column ${column}.`, hint });
  }

  unused(): string[] {
    return this.header.names.flatMap((_, place) => (this.#used.has(place) ? [] : this.header.nameOf(place)));
  }

  /** @throws UNKNOWN_FIELD */
  check(): void {
    if (this.#missing.length === 0) return;
    const shown = this.#missing.slice(0, 5);
    const hints = [...new Set(shown.flatMap(({ hint }) => hint ?? []))];
    const messages = shown.map(({ message }) => message).join(' ');
    throw fault(
      'UNKNOWN_FIELD',
      this.#missing.length === 1 ? messages : `The file does not fit the mapper: ${messages}`,
      {
        hint: hints.join(' ') || 'Mark the columns in the mapper as "optional" if files may lack them.',
        target: 'file',
        details: this.#missing,
      },
    );
  }
}
