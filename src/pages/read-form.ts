// A form as browsers send it: application/x-www-form-urlencoded, bounded, each name once.

import { fault } from '../base/errors.ts';
import type { Incoming } from '../http/message/message.ts';
import { readUpload } from './read-upload.ts';

export interface Form {
  /** @returns the text as it was sent, empty where there is none */
  get(name: string): string;
  /** @returns every value of a name that may stand there several times */
  all(name: string): readonly string[];
  has(name: string): boolean;
  /** Of a form that has one. Empty where none was chosen. */
  readonly file?: Buffer;
}

export interface FormOptions {
  /** Names that may stand there several times, as those of boxes to tick. */
  readonly lists?: readonly string[];
  readonly bytesMax?: number;
  /** That the form has a file in it, of so many bytes at the most: then it is multipart/form-data. */
  readonly fileBytesMax?: number;
}

const bytesMaxDefault = 20_000;
const fieldsMax = 300;

/**
 * @throws UNSUPPORTED_MEDIA_TYPE, TOO_LARGE, and MALFORMED_REQUEST for what is not UTF-8, holds NUL, or says one thing
 *   twice: whoever reads the first and whoever reads the last would understand different things
 */
export async function readForm(request: Incoming, options: FormOptions = {}): Promise<Form> {
  const { lists = [], bytesMax = bytesMaxDefault, fileBytesMax } = options;
  if (fileBytesMax !== undefined) return withFile(request, fileBytesMax);
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.header('content-type') ?? ''))
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'This takes the form of its page and nothing else.');
  const text = await request.text(bytesMax);
  requireUtf8(text);
  const fields = new Map<string, string[]>();
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > fieldsMax) throw fault('TOO_LARGE', `The form has more than ${fieldsMax} fields.`);
  for (const [name, value] of pairs) {
    const known = fields.get(name);
    if (known && !lists.includes(name)) throw malformed('A field of the form is there twice.');
    if (value.includes('\0')) throw malformed('The form holds a character that no text has.');
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
    throw fault('UNSUPPORTED_MEDIA_TYPE', 'This takes the form of its page and nothing else.');
  const { fields, file } = await readUpload(request, fileBytesMax);
  const all = (name: string) => (fields.has(name) ? [fields.get(name)!] : []);
  return { get: name => fields.get(name) ?? '', all, has: name => fields.has(name), file };
}

/** What is encoded must be UTF-8 too; URLSearchParams would put a replacement for it. */
function requireUtf8(text: string): void {
  try {
    decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch {
    throw malformed('The form is not UTF-8.');
  }
}

const malformed = (what: string) => fault('MALFORMED_REQUEST', what);
