/** @returns an SQL identifier */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** @returns an SQL string constant. For names of the catalog and of the answer's fields only: values are parameters. */
export const constant = (text: string): string =>
  text.includes('\\')
    ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;
