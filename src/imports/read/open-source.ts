// A file -> rows: its encoding and its format are found out from its content, unless the caller names them.

import { type CsvOptions, openCsv } from './csv.ts';
import { decodeText } from './decode-text.ts';
import { openJson } from './json.ts';
import type { FileFormat, RowSource, StoredFile } from './row-source.ts';
import { detectEncoding, type TextEncoding } from './text-encoding.ts';

export interface SourceOptions extends CsvOptions {
  readonly format?: FileFormat;
  readonly encoding?: TextEncoding;
}

/** @throws MALFORMED_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for what cannot be read as rows */
export async function openSource(file: StoredFile, options: SourceOptions): Promise<RowSource> {
  const encoding = options.encoding ?? (await detectEncoding(file.read()));
  const read = () => decodeText(file.read(), encoding);
  const format = options.format ?? (await detectFormat(read()));
  if (format === 'json' || format === 'ndjson') {
    const source = await openJson(read, format === 'json');
    return { ...source, typed: true, facts: { format, encoding } };
  }
  const tab = format === 'tsv' ? '\t' : undefined;
  const { delimiter, ...source } = await openCsv(read(), { ...options, delimiter: options.delimiter ?? tab });
  const found = delimiter === '\t' ? 'tsv' : 'csv';
  return { ...source, typed: false, facts: { format: options.format ?? found, encoding, delimiter } };
}

/** @returns undefined for text with delimiters */
async function detectFormat(text: AsyncIterable<Buffer>): Promise<FileFormat | undefined> {
  for await (const chunk of text) {
    const beginning = chunk.toString('latin1', 0, 1_024).trimStart();
    if (/^\[\s*[{\]]/.test(beginning)) return 'json';
    return /^\{\s*["}]/.test(beginning) ? 'ndjson' : undefined;
  }
  return undefined;
}
