// What the client accepts (RFC 9110, 12.5.1; OData JSON Format 4.0, 3). Lenient where clients are odd: parameters that
// nobody knows, such as Microsoft's `odata=verbose`, do no harm.

import { fault } from '../../base/errors.ts';
import type { NumberFormat } from '../../query/ask/output-format.ts';
import type { Version } from './protocol.ts';

export interface JsonForm {
  readonly metadata: 'none' | 'minimal' | 'full';
  /** What stands before the name of an annotation: `@odata.` of 4.0, `@` of 4.01. */
  readonly prefix: '@odata.' | '@';
  readonly numbers: NumberFormat;
  /** Whether entity tags stand beside entities: for who asks for JSON by name, and does not just take anything. */
  readonly tags?: boolean;
  /** The answer's Content-Type. */
  readonly contentType: string;
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const rangesMax = 50;

/**
 * @param accept the header
 * @param format the option $format, which goes before the header
 * @param version of the answer
 * @param of what is answered. For a bare value, clients accept text or, out of habit, JSON; a list is served as CSV too
 * @throws NOT_ACCEPTABLE when neither allows what is served
 */
export function negotiateJson(
  accept: string | undefined,
  format: string | undefined,
  version: Version,
  of: 'json' | 'text' | 'list' = 'json',
): JsonForm {
  const ranges = rangesOf(accept, format);
  const text = of === 'text' ? ['text/plain', 'text/*', 'application/octet-stream'] : [];
  const best = bestRange(ranges, [...text, 'application/json', 'json', 'application/*', '*/*']);
  if (!best) throw notAcceptable(servedAs[of]);
  const metadata = best.parameters.get('odata.metadata') ?? best.parameters.get('metadata');
  const strings = best.parameters.get('ieee754compatible') === 'true';
  const form = jsonForm(isAmount(metadata) ? metadata : 'minimal', strings ? 'strings' : 'numbers', version);
  return { ...form, tags: form.metadata !== 'none' && best.type.endsWith('json') };
}

const servedAs = {
  json: ['application/json'],
  text: ['text/plain'],
  list: ['application/json', 'text/csv'],
} as const;

const isAmount = (text: string | undefined): text is JsonForm['metadata'] =>
  text === 'none' || text === 'minimal' || text === 'full';

function jsonForm(metadata: JsonForm['metadata'], numbers: NumberFormat, version: Version): JsonForm {
  const isOld = version === '4.0';
  const compatible = numbers === 'strings' ? ';IEEE754Compatible=true' : '';
  const contentType = `application/json;${isOld ? 'odata.' : ''}metadata=${metadata}${compatible}`;
  return { metadata, prefix: isOld ? '@odata.' : '@', numbers, contentType };
}

/** What is asked for by name goes before what is let through by `*`. */
export function wantsCsv(accept: string | undefined, format: string | undefined): boolean {
  const ranges = rangesOf(accept, format);
  const csv = bestRange(ranges, ['text/csv', 'csv'])?.quality ?? 0;
  const json = bestRange(ranges, ['application/json', 'json'])?.quality ?? 0;
  const any = bestRange(ranges, ['application/*', '*/*'])?.quality ?? 0;
  return csv > json && csv >= any;
}

export type MetadataForm = 'xml' | 'json';

/**
 * $metadata is XML to whoever takes XML. Breeze asks for JSON with `odata.metadata=full` alone, and wants XML none the less.
 * @throws NOT_ACCEPTABLE
 */
export function negotiateMetadata(accept: string | undefined, format: string | undefined): MetadataForm {
  const ranges = rangesOf(accept, format);
  if (bestRange(ranges, ['application/xml', 'text/xml', 'application/*', 'text/*', '*/*', 'xml']))
    return 'xml';
  const json = bestRange(ranges, ['application/json', 'json']);
  if (json) return json.parameters.get('odata.metadata') === 'full' ? 'xml' : 'json';
  throw notAcceptable(['application/xml', 'application/json']);
}

/** @param type `multipart/mixed` @returns the quality that the client gives it: 0 for not at all, 1 for the most */
export function accepts(accept: string | undefined, type: string): number {
  const all = `${type.slice(0, type.indexOf('/'))}/*`;
  return bestRange(rangesOf(accept, undefined), [type, all, '*/*'])?.quality ?? 0;
}

function rangesOf(accept: string | undefined, format: string | undefined): MediaRange[] {
  const text = format ?? (accept?.trim() || '*/*');
  return text.split(',', rangesMax).map(toRange).filter(isServed);
}

function toRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map(part => part.trim().toLowerCase());
  const parameters = new Map(rest.map(part => part.split('=', 2) as [string, string]));
  const quality = Number(parameters.get('q') ?? 1);
  return { type, parameters, quality: Number.isNaN(quality) ? 1 : quality };
}

/** Parameters that nobody knows do no harm; of those that are known, what they ask for is served or the type is not. */
const served: Readonly<Record<string, RegExp>> = {
  'odata.metadata': /^(?:none|minimal|full)$/,
  metadata: /^(?:none|minimal|full)$/,
  ieee754compatible: /^(?:true|false)$/,
  charset: /^"?utf-?8"?$/,
};

const isServed = ({ parameters }: MediaRange): boolean =>
  [...parameters].every(([name, value = '']) => served[name]?.test(value) ?? true);

/** @param types from the most specific to the least: a specific range with `q=0` overrules `*` for both parts */
function bestRange(ranges: readonly MediaRange[], types: readonly string[]): MediaRange | undefined {
  const fitting = ranges.filter(range => types.includes(range.type));
  const refused = fitting.filter(range => range.quality <= 0).map(range => types.indexOf(range.type));
  const allowed = fitting.filter(
    range => range.quality > 0 && !refused.some(rank => rank < types.indexOf(range.type)),
  );
  return allowed.sort((a, b) => b.quality - a.quality)[0];
}

const notAcceptable = (types: readonly string[]) =>
  fault('NOT_ACCEPTABLE', `This is served as ${types.join(' or ')} only.`, {
    hint: `Send "Accept: ${types[0]}", or no Accept at all.${types.includes('application/json') ? jsonParameters : ''}`,
    target: 'Accept',
  });

const jsonParameters =
  ' Of JSON, odata.metadata may be none, minimal or full, IEEE754Compatible true or false, charset utf-8.';
