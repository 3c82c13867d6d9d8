// Which format a client wants: by name, or by what it accepts.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import { readAccepted } from '../../http/message/accept.ts';

export const fileFormats = ['csv', 'xlsx', 'ndjson', 'json'] as const;
export type FileFormat = (typeof fileFormats)[number];

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Media types by which a format is accepted; the first is what the response has. */
const typesOf: Readonly<Record<FileFormat, readonly string[]>> = {
  csv: ['text/csv', 'text/*', '*/*'],
  xlsx: [xlsxType],
  ndjson: ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'],
  json: ['application/json', 'application/*'],
};

/**
 * @param named the option `format`, which takes precedence
 * @param accept the header
 * @throws INVALID_VALUE, NOT_ACCEPTABLE
 */
export function chooseFormat(named: string | undefined, accept: string | undefined): FileFormat {
  if (named) return formatNamed(named);
  if (accept === undefined || accept.trim() === '') return 'csv';
  const ranges = readAccepted(accept);
  const refused = new Set(ranges.filter(({ quality }) => quality === 0).map(({ type }) => type));
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  for (const { type } of wanted) {
    const format = fileFormats.find(name => typesOf[name].includes(type) && !refused.has(typesOf[name][0]!));
    if (format) return format;
  }
  throw fault('NOT_ACCEPTABLE', 'The Accept header allows none of the formats of an export.', {
    hint: `Accept ${fileFormats.map(name => typesOf[name][0]).join(', ')}, or set "format".`,
    target: 'accept',
  });
}

function formatNamed(name: string): FileFormat {
  const format = fileFormats.find(known => known === name.toLowerCase());
  if (format) return format;
  throw fault('INVALID_VALUE', `"${name.slice(0, 80)}" is not a format of exports.`, {
    hint: didYouMean(name, fileFormats) ?? `The formats are ${fileFormats.join(', ')}.`,
    target: 'format',
  });
}

/** @returns the media type of a file */
export const mediaTypeOf = (format: FileFormat): string => typesOf[format][0]!;
