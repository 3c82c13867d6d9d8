const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

export interface Beginning {
  readonly delimiter: Delimiter;
  /** Bytes before the header: the line `sep=;`, by which files tell Excel their delimiter. */
  readonly skipBytes: number;
}

const separatorLine = /^sep=([,;\t|])\r?(?:\n|$)/i;

/**
 * @param text the beginning of the file, as long as the header at least
 * @param requested the delimiter that the caller names
 * @returns the delimiter that stands most often in the header, outside quotation marks; a comma where there is none
 */
export function detectDelimiter(text: string, requested?: Delimiter): Beginning {
  const separator = separatorLine.exec(text);
  if (separator)
    return { delimiter: requested ?? (separator[1] as Delimiter), skipBytes: separator[0].length };
  return { delimiter: requested ?? mostFrequent(headerOutsideQuotes(text)), skipBytes: 0 };
}

function mostFrequent(header: string): Delimiter {
  const counts = delimiters.map(delimiter => header.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

/** Names in quotation marks may contain anything, line ends too. */
function headerOutsideQuotes(text: string): string {
  const withoutQuoted = text.replace(/"(?:[^"]|"")*(?:"|$)/g, '');
  return withoutQuoted.split(/\r|\n/, 1)[0]!;
}
