/** @returns lines with aligned columns */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows.map(row => row.map(visible))];
  const widths = head.map((_, column) => Math.max(...all.map(row => (row[column] ?? '').length)));
  return all.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** Text from the network must not control the terminal. */
const visible = (text: string): string => text.replace(/\p{Cc}/gu, '�');
