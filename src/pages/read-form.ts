// Reads a form as browsers send it: application/x-www-form-urlencoded, bounded, each name once.

import { fault } from '../base/errors.ts';
import type { Incoming } from '../http/message/message.ts';
import { readUpload } from './read-upload.ts';

export interface Form {
  /** @returns the text as it was sent; empty if the field is missing */
  get(name: string): string;
  /** @returns every value of a field that may be repeated */
  all(name: string): readonly string[];
  has(name: string): boolean;
  /** Only in forms with a file. Empty if none was chosen. */
  readonly file?: Buffer;
}

export interface FormOptions {
  /** Names that may be repeated, such as those of checkboxes. */
  readonly lists?: readonly string[];
  readonly bytesMax?: number;
  /** Maximum size of the file. If set, the form must be multipart/form-data. */
  readonly fileBytesMax?: number;
}

const bytesMaxDefault = 20_000;
const fieldsMax = 300;

/**
 * @throws UNSUPPORTED_MEDIA_TYPE, TOO_LARGE, and MALFORMED_REQUEST for a form that is not UTF-8, contains NUL, or repeats a
 *   field: code that reads the first value and code that reads the last would disagree
 */
export async function readForm(request: Incoming, options: FormOptions = {}): Promise<Form> {
  const { lists = [], bytesMax = bytesMaxDefault, fileBytesMax } = options;
  if (fileBytesMax !== undefined) return withFile(request, fileBytesMax);
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.header('content-type') ?? ''))
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'Expected a form submission.');
  const text = await request.text(bytesMax);
  requireUtf8(text);
  const fields = new Map<string, string[]>();
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > fieldsMax) throw fault('TOO_LARGE', `The form has more than ${fieldsMax} fields.`);
  for (const [name, value] of pairs) {
    const known = fields.get(name);
    if (known && !lists.includes(name)) throw malformed('The form contains a field twice.');
    if (value.includes('\0')) throw malformed('The form contains a NUL character.');
    if (known) known.push(value);
    else fields.set(name, [value]);
  }
  return {
    get: name => fields.get(name)?.[0] ?? '',
    all: name => fields.get(name) ?? [],
    has: name => fields.has(name),
  };
}

async function withFile(request: Incoming, fileBytesMax: number): Promise<Form> {
  if (!/^multipart\/form-data\s*;/i.test(request.header('content-type') ?? ''))
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'Expected a form submission.');
  const { fields, file } = await readUpload(request, fileBytesMax);
  const all = (name: string) => (fields.has(name) ? [fields.get(name)!] : []);
  return { get: name => fields.get(name) ?? '', all, has: name => fields.has(name), file };
}

/** URLSearchParams would silently replace invalid UTF-8 in percent-encoded text. */
function requireUtf8(text: string): void {
  try {
    decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch {
    throw malformed('The form is not UTF-8.');
  }
}

const malformed = (message: string) => fault('MALFORMED_REQUEST', message);
