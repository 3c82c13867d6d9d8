import type { ColumnField } from '../../catalog/catalog.ts';
import { type Converter, invalid } from './cell-fault.ts';
import { converterOf } from './value.ts';

const control = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * @param field a text column by which rows are known
 * @returns its converter, which refuses control characters: nobody sees them, and a key that holds one makes a second row
 *   beside the one that was meant
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
