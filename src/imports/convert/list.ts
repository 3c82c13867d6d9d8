import { arrayLiteral } from '../../query/ask/array-literal.ts';
import { type CellFault, type Converted, type Converter, cellFault, invalid, isFault } from './cell-fault.ts';

const elementsMax = 10_000;

/**
 * @param convert for one element
 * @returns the converter of a list column. A cell that begins with `[` is a JSON array; any other is cut at each `|`, with the
 *   spaces around left out. Elements that contain `|` or begin with spaces therefore need the JSON form.
 */
export function listConverter(convert: Converter): Converter {
  return cell => {
    const text = cell.trim();
    const elements = text.startsWith('[')
      ? jsonElements(text)
      : text.split('|', elementsMax + 1).map(element => element.trim());
    if (!Array.isArray(elements)) return elements;
    if (elements.length > elementsMax) {
      return cellFault('OUT_OF_RANGE', `The list has more than ${elementsMax} elements.`);
    }
    const values: string[] = [];
    for (const [i, element] of elements.entries()) {
      const value =
        element === '' && !text.startsWith('[') ? invalid('The element is empty.') : convert(element);
      if (isFault(value)) return { ...value, message: `Element ${i + 1}: ${value.message}` };
      values.push(value);
    }
    return arrayLiteral(values) satisfies Converted;
  };
}

function jsonElements(text: string): string[] | CellFault {
  try {
    const elements: unknown[] = JSON.parse(text, keepDigits);
    if (elements.every(element => typeof element === 'string')) return elements;
    return invalid('The elements of the list must be texts, numbers or truth values.');
  } catch {
    return invalid('Not a list. Write a|b|c, or a JSON array: ["a", "b"].');
  }
}

/** Numbers and truth values become their own source text, so that no digit is lost. */
const keepDigits = (_: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? (context?.source ?? String(value)) : value;
