// Splits the raw URL into its parts. Only unencoded delimiters count, so it is split first and decoded afterwards
// (OData 4.01 Part 2, 2: "URL parsing").

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import { pathSegmentsMax, syntaxError, tooMuch } from './syntax.ts';

/** Options that OData reserves. The dollar sign is optional, and case does not matter (4.01 Part 2, 5.1). */
// biome-ignore format: a table
const systemOptions = [
  '$apply', '$compute', '$count', '$deltatoken', '$expand', '$filter', '$format', '$id', '$index', '$levels',
  '$orderby', '$schemaversion', '$search', '$select', '$skip', '$skiptoken', '$top',
] as const;

export type SystemOption = (typeof systemOptions)[number];

/** A piece of the URL. */
export interface UrlPart {
  /** Percent-decoded. */
  readonly text: string;
  /** The offset of its raw text in the source text, which is the raw path, `?` and the raw query. */
  readonly at: number;
  /** Length of its raw text, which is never shorter than the decoded text. */
  readonly rawLength: number;
}

export interface ODataUrl {
  /** The segments below the service root; an empty last one (trailing slash) is dropped. */
  readonly segments: readonly UrlPart[];
  readonly options: ReadonlyMap<SystemOption, UrlPart>;
  /** Parameter aliases by name, with their `@`. */
  readonly aliases: ReadonlyMap<string, UrlPart>;
}

/**
 * @param path raw, below the service root: `/products(1)`
 * @param query raw, without the question mark
 * @throws SYNTAX_ERROR for malformed encoding and repeated options, UNKNOWN_OPTION, LIMIT_EXCEEDED
 */
export function parseUrl(path: string, query: string): ODataUrl {
  const options = new Map<SystemOption, UrlPart>();
  const aliases = new Map<string, UrlPart>();
  for (const pair of splitQuery(query, path.length + 1)) {
    const { name, value } = splitPair(pair);
    if (name.startsWith('@')) addOnce(aliases, name, value, pair.at);
    const option = systemOptionOf(name, pair.at);
    if (option) addOnce(options, option, value, pair.at);
  }
  return { segments: splitPath(path), options, aliases };
}

/** A piece of the URL as sent. */
export interface Piece {
  readonly raw: string;
  readonly at: number;
}

/** @param at the offset of the query in the source text @returns its pairs, raw: `$top=1` */
export const splitQuery = (query: string, at: number): Piece[] =>
  rejoin(split(query, '&', at), '&', mayHoldQuotes);

function split(text: string, delimiter: string, at: number): Piece[] {
  let offset = at;
  return text.split(delimiter).map(raw => {
    const piece = { raw, at: offset };
    offset += raw.length + 1;
    return piece;
  });
}

/**
 * Rejoins pieces that were cut inside a quoted string, as in `name eq 'a&b'`. When the quotes do not balance, the cuts
 * remain: a stray quote must not swallow the options that follow.
 */
function rejoin(pieces: readonly Piece[], delimiter: string, applies: (raw: string) => boolean): Piece[] {
  const joined: Piece[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    const end = applies(piece.raw) && hasOddQuotes(piece.raw) ? closingPiece(pieces, i) : i;
    const raw = pieces.slice(i, end + 1).map(part => part.raw);
    joined.push({ raw: raw.join(delimiter), at: piece.at });
    i = end;
  }
  return joined;
}

/** @returns the index of the next piece with an odd number of quotes, or `start` when there is none */
function closingPiece(pieces: readonly Piece[], start: number): number {
  for (let i = start + 1; i < pieces.length; i++) if (hasOddQuotes(pieces[i]!.raw)) return i;
  return start;
}

const hasOddQuotes = (raw: string): boolean => (raw.match(/'|%27/g)?.length ?? 0) % 2 === 1;

/** Expressions contain strings in single quotes; in `$search` and custom options a quote is an ordinary character. */
const mayHoldQuotes = (raw: string): boolean =>
  /^(?:(?:\$|%24)?(?:apply|compute|expand|filter|orderby|select)|(?:@|%40)\w+)=/i.test(raw);

function splitPair(pair: Piece): { name: string; value: UrlPart } {
  const equals = pair.raw.indexOf('=');
  const nameLength = equals < 0 ? pair.raw.length : equals;
  const raw = pair.raw.slice(nameLength + 1);
  const at = pair.at + nameLength + 1;
  return {
    name: decode(pair.raw.slice(0, nameLength).replaceAll('+', ' '), pair.at),
    value: { text: decode(raw.replaceAll('+', ' '), at), at, rawLength: raw.length },
  };
}

function systemOptionOf(name: string, at: number): SystemOption | undefined {
  const lower = name.toLowerCase();
  const dollar = lower.startsWith('$') ? lower : `$${lower}`;
  const known = systemOptions.find(option => option === dollar);
  if (known || !name.startsWith('$')) return known;
  throw fault('UNKNOWN_OPTION', `There is no option "${name}".`, {
    hint: didYouMean(lower, systemOptions),
    target: name,
    at,
  });
}

function addOnce<K extends string>(parts: Map<K, UrlPart>, name: K, value: UrlPart, at: number): void {
  if (parts.has(name)) throw syntaxError(`${name} is specified twice.`, at);
  parts.set(name, value);
}

function splitPath(path: string): UrlPart[] {
  const pieces = rejoin(split(path, '/', 0), '/', raw => raw.includes('(') || /%28/.test(raw));
  if (pieces.at(-1)?.raw === '') pieces.pop();
  if (pieces[0]?.raw === '') pieces.shift();
  if (pieces.length > pathSegmentsMax)
    throw tooMuch(`A path may have at most ${pathSegmentsMax} segments.`, 0);
  return pieces.map(({ raw, at }) => ({ text: decode(raw, at), at, rawLength: raw.length }));
}

function decode(raw: string, at: number): string {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    throw syntaxError(
      'The URL is not valid percent-encoded UTF-8.',
      at,
      'Write a literal percent sign as %25.',
    );
  }
}
