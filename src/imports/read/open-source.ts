// A file -> rows: its encoding and its format are found out from its content, unless the caller names them.

import { type Fault, fault } from '../../base/errors.ts';
import { type CsvOptions, openCsv } from './csv.ts';
import { openJson } from './json/open-json.ts';
import { decodeText } from './source/decode-text.ts';
import type { FileFormat, RowSource, StoredFile } from './source/row-source.ts';
import { detectEncoding, type TextEncoding } from './source/text-encoding.ts';
import { Zip } from './source/zip-file.ts';
import { isWorkbook } from './xlsx/package-parts.ts';
import { openWorkbook } from './xlsx/workbook.ts';

export interface SourceOptions extends CsvOptions {
  readonly format?: FileFormat;
  readonly encoding?: TextEncoding;
}

/**
 * @param bytesMax of a file in a ZIP file
 * @throws MALFORMED_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for what cannot be read as rows
 */
export async function openSource(
  file: StoredFile,
  options: SourceOptions,
  bytesMax: number,
): Promise<RowSource> {
  if (!(await isZip(file))) {
    if (options.format !== 'xlsx') return openText(() => file.read(), options);
    throw fault('MALFORMED_REQUEST', 'The file is not an XLSX workbook.', { target: 'file' });
  }
  const zip = await Zip.open(file, bytesMax);
  if (isWorkbook(zip)) {
    const rows = await openWorkbook(zip, options.columns);
    return { ...rows, typed: false, facts: { format: 'xlsx' } };
  }
  const [name, ...others] = zip.names;
  if (name === undefined || others.length > 0) throw notOneFile(zip.names.length);
  return openText(() => zip.read(name), options);
}

async function isZip(file: StoredFile): Promise<boolean> {
  for await (const chunk of file.read())
    return /^PK(?:\x03\x04|\x05\x06)/.test(chunk.toString('latin1', 0, 4));
  return false;
}

const notOneFile = (count: number): Fault =>
  fault('MALFORMED_REQUEST', `The ZIP file contains ${count} files.`, {
    hint: 'Send a ZIP file with one file in it.',
    target: 'file',
  });

async function openText(readBytes: () => AsyncIterable<Buffer>, options: SourceOptions): Promise<RowSource> {
  const encoding = options.encoding ?? (await detectEncoding(readBytes()));
  const read = () => decodeText(readBytes(), encoding);
  const format = options.format ?? (await detectFormat(read()));
  if (format === 'json' || format === 'ndjson') {
    const source = await openJson(read, format === 'json');
    return { ...source, typed: true, facts: { format, encoding } };
  }
  const tab = format === 'tsv' ? '\t' : undefined;
  const { delimiter, ...source } = await openCsv(read(), { ...options, delimiter: options.delimiter ?? tab });
  const found = delimiter === '\t' ? 'tsv' : 'csv';
  return { ...source, typed: false, facts: { format: format ?? found, encoding, delimiter } };
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
