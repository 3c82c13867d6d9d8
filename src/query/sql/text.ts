/** @returns an SQL identifier */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** @returns an SQL string constant. For names of the catalog and of the answer's fields only: values are parameters. */
export const constant = (text: string): string =>
  text.includes('\\')
    ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;

/**
 * @returns a row for FROM whose columns are computed once, however often they are named. Without OFFSET, the planner would
 *   write each in the place of its name, and expressions inside one another would double with every level until no memory
 *   is left.
 */
export const once = (columns: string): string => `(SELECT ${columns} OFFSET 0)`;
