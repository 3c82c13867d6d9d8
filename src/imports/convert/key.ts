import type { ColumnField } from '../../catalog/catalog.ts';
import { type Converter, invalid } from './cell-fault.ts';
import { converterOf } from './value.ts';

const control = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * @param field a text column by which rows are known
 * @returns its converter, which rejects control characters: they are invisible, and a key with one would create a second row
 *   next to the intended one
 */
export function keyConverter(field: ColumnField): Converter {
  const convert = converterOf(field);
  return cell => {
    const found = control.exec(cell)?.[0].charCodeAt(0);
    if (found === undefined) return convert(cell);
    const name = `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
    return invalid(`A key must not contain control characters, and this one contains ${name}.`);
  };
}
