// Content negotiation (RFC 9110, 12.5.1; OData JSON Format 4.0, 3). Unknown parameters, such as Microsoft's
// `odata=verbose`, are ignored.

import { fault } from '../../base/errors.ts';
import type { NumberFormat } from '../../query/ask/output-format.ts';
import type { Version } from './protocol.ts';

export interface JsonForm {
  readonly metadata: 'none' | 'minimal' | 'full';
  /** The prefix of annotation names: `@odata.` in 4.0, `@` in 4.01. */
  readonly prefix: '@odata.' | '@';
  readonly numbers: NumberFormat;
  /** Whether entities include their entity tags: only when the client accepts JSON by name, not just anything. */
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
 * @param format the option $format, which takes precedence over the header
 * @param version the version of the response
 * @param of the kind of response. For a raw value, clients accept text or, out of habit, JSON; a list can also be CSV
 * @throws NOT_ACCEPTABLE when neither allows a supported format
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
  const form = jsonForm(
    isMetadataLevel(metadata) ? metadata : 'minimal',
    strings ? 'strings' : 'numbers',
    version,
  );
  return { ...form, tags: form.metadata !== 'none' && best.type.endsWith('json') };
}

const servedAs = {
  json: ['application/json'],
  text: ['text/plain'],
  list: ['application/json', 'text/csv'],
} as const;

const isMetadataLevel = (text: string | undefined): text is JsonForm['metadata'] =>
  text === 'none' || text === 'minimal' || text === 'full';

function jsonForm(metadata: JsonForm['metadata'], numbers: NumberFormat, version: Version): JsonForm {
  const isOld = version === '4.0';
  const compatible = numbers === 'strings' ? ';IEEE754Compatible=true' : '';
  const contentType = `application/json;${isOld ? 'odata.' : ''}metadata=${metadata}${compatible}`;
  return { metadata, prefix: isOld ? '@odata.' : '@', numbers, contentType };
}

/** A type accepted by name takes precedence over one accepted by `*`. */
export function wantsCsv(accept: string | undefined, format: string | undefined): boolean {
  const ranges = rangesOf(accept, format);
  const csv = bestRange(ranges, ['text/csv', 'csv'])?.quality ?? 0;
  const json = bestRange(ranges, ['application/json', 'json'])?.quality ?? 0;
  const any = bestRange(ranges, ['application/*', '*/*'])?.quality ?? 0;
  return csv > json && csv >= any;
}

export type MetadataForm = 'xml' | 'json';

/**
 * Prefers XML when the client accepts it. Breeze accepts only JSON with `odata.metadata=full`, but expects XML.
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

/** @param type `multipart/mixed` @returns the quality that the client assigns to it, from 0 (not accepted) to 1 */
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

/** Supported values of known parameters: a type with any other value is not accepted. Unknown parameters are ignored. */
const served: Readonly<Record<string, RegExp>> = {
  'odata.metadata': /^(?:none|minimal|full)$/,
  metadata: /^(?:none|minimal|full)$/,
  ieee754compatible: /^(?:true|false)$/,
  charset: /^"?utf-?8"?$/,
};

const isServed = ({ parameters }: MediaRange): boolean =>
  [...parameters].every(([name, value = '']) => served[name]?.test(value) ?? true);

/** @param types from the most specific to the least: a specific range with `q=0` overrides a wildcard */
function bestRange(ranges: readonly MediaRange[], types: readonly string[]): MediaRange | undefined {
  const fitting = ranges.filter(range => types.includes(range.type));
  const refused = fitting.filter(range => range.quality <= 0).map(range => types.indexOf(range.type));
  const allowed = fitting.filter(
    range => range.quality > 0 && !refused.some(rank => rank < types.indexOf(range.type)),
  );
  return allowed.sort((a, b) => b.quality - a.quality)[0];
}

const notAcceptable = (types: readonly string[]) =>
  fault('NOT_ACCEPTABLE', `This resource is only available as ${types.join(' or ')}.`, {
    hint: `Send "Accept: ${types[0]}", or no Accept header.${types.includes('application/json') ? jsonParameters : ''}`,
    target: 'Accept',
  });

const jsonParameters =
  ' For JSON, odata.metadata may be none, minimal or full, IEEE754Compatible true or false, charset utf-8.';
