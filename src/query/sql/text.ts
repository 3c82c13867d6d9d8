/** @returns an SQL identifier */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** @returns an SQL string constant. Only for names from the catalog or of output fields: values must be parameters. */
export const constant = (text: string): string =>
  text.includes('\\')
    ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;

/**
 * @returns a subquery for FROM whose columns are computed once, however often they are referenced. Without OFFSET, the planner
 *   would inline each expression at every reference, and nested expressions would double with every level until memory
 *   runs out.
 */
export const once = (columns: string): string => `(SELECT ${columns} OFFSET 0)`;
