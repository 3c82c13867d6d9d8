// Lists in PostgreSQL's text format. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO

/** @param values elements in PostgreSQL's text format @returns an array literal */
export const arrayLiteral = (values: readonly string[]): string => `{${values.map(arrayElement).join(',')}}`;

/** @returns the element, quoted: as text it would be `NULL`, or cut */
export const arrayElement = (value: string): string =>
  value.includes('"') || value.includes('\\') ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
