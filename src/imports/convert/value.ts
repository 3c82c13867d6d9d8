// Cells -> values in PostgreSQL's text format, strict by the column's type.

import type { ColumnField } from '../../catalog/catalog.ts';
import type { Converter } from './cell-fault.ts';
import { listConverter } from './list.ts';
import { decimalConverter, floatConverter, integerConverter } from './number.ts';
import {
  booleanConverter,
  bytesConverter,
  enumConverter,
  jsonConverter,
  textConverter,
  uuidConverter,
} from './text.ts';
import { dateConverter, dateTimeConverter, timeConverter } from './time.ts';

/** @returns the converter of a column's cells that are not empty */
export const converterOf = (field: ColumnField): Converter =>
  field.type.list ? listConverter(elementConverter(field)) : elementConverter(field);

function elementConverter(field: ColumnField): Converter {
  switch (field.type.scalar) {
    case 'String':
      return textConverter(field);
    case 'Boolean':
      return booleanConverter;
    case 'Int':
    case 'BigInt':
      return integerConverter(field);
    case 'Decimal':
      return decimalConverter(field);
    case 'Float':
      return floatConverter(field);
    case 'DateTime':
      return dateTimeConverter;
    case 'Date':
      return dateConverter;
    case 'Time':
      return timeConverter;
    case 'Duration':
      throw new Error('No column holds durations.');
    case 'Uuid':
      return uuidConverter;
    case 'Json':
      return jsonConverter;
    case 'Bytes':
      return bytesConverter;
    case 'Enum':
      return enumConverter(field.type.enum!);
  }
}
