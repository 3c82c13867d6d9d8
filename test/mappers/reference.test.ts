import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { checkMapper } from '../../src/mappers/document/check-mapper.ts';
import { columnSchema, mapperSchema } from '../../src/mappers/document/schema.ts';
import { compileTransforms } from '../../src/mappers/transforms/compile-transforms.ts';
import { transformSchema, transformSchemas } from '../../src/mappers/transforms/transform-schema.ts';
import { type Value, ValueFault } from '../../src/mappers/transforms/value.ts';
import { catalogOf } from '../../src/project.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/reference/mappers.md'), 'utf8');

/** @returns the cells of the rows of the table below a heading */
const tableBelow = (heading: string): string[][] =>
  page
    .split(`\n${heading}\n`)[1]!
    .split(/\n#+ /)[0]!
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.slice(2, -2).split(/ ?\| /));

const codes = (text: string): string[] => [...text.matchAll(/`([^`]*)`/g)].map(([, code]) => code!);
const withoutDefaults = (text: string): string => text.replaceAll(/\([^)]*\)/g, '');

describe('the reference of mappers', () => {
  const rows = tableBelow('## Transforms').slice(1);
  const schemas = new Map<string, object>(
    transformSchemas.map(({ entries }) => [entries.op.pipe[0].literal, entries]),
  );

  test('lists every transform', () => {
    expect(rows.map(([op]) => codes(op!)[0])).toEqual([...schemas.keys()]);
  });

  test.each(rows.map(row => ({ op: codes(row[0]!)[0]!, row })))('lists the options of $op', ({ op, row }) => {
    const options = Object.keys(schemas.get(op)!).filter(name => name !== 'op');
    expect(codes(withoutDefaults(row[1]!))).toEqual(options);
  });

  const examples = rows.flatMap(row => {
    const [transform, ...values] = codes(row[3]!);
    return values.length % 2 === 0 ? [{ transform: transform!, from: values[0]!, to: values[1]! }] : [];
  });

  test('has an example of each', () => {
    // The one of "currency" is of an error too.
    expect(examples.length).toBe(schemas.size - 1);
  });

  test.each(examples)('$transform makes $to of $from', ({ transform, from, to }) => {
    const step = compileTransforms([v.parse(transformSchema, JSON.parse(transform))]);
    expect(step(JSON.parse(from) as Value)).toEqual(JSON.parse(to));
  });

  test('says what becomes of amounts', () => {
    const step = compileTransforms([v.parse(transformSchema, { op: 'currency', minorDigits: 2 })]);
    expect(step('1999 ct')).toBeInstanceOf(ValueFault);
    expect(step('$1999')).toBe('19.99');
  });

  test('has a document that fits the demo shop', () => {
    const document = JSON.parse(/```json\n(.*?)```/s.exec(page)![1]!) as unknown;
    expect(checkMapper(document, catalogOf(project)).match).toEqual(['sku']);
  });

  test('lists the members of a document', () => {
    const members = tableBelow('## Document').flatMap(([name]) => codes(name!));
    const known = Object.keys(mapperSchema.entries).filter(name => name !== '$schema');
    expect(members).toEqual(known);
    const columns = tableBelow('### `columns`').flatMap(([name]) => codes(name!));
    expect(columns.sort()).toEqual(Object.keys(columnSchema.pipe[0].entries).sort());
  });
});
