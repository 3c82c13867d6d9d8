// The columns of a file, as a mapper names them.

import type { Source } from '../document/schema.ts';

/** The columns of one file. */
export interface Header {
  /** @returns the place of the column, from 0; undefined if the file does not have it; 'ambiguous' if it has several */
  find(source: Source): number | undefined | 'ambiguous';
  /** As the file names it; `column 3` without a name. */
  nameOf(place: number): string;
  readonly names: readonly string[];
}

const columnsMax = 1_000;

/** @param names of the columns; undefined for a file without a header */
export function headerOf(names: readonly string[] | undefined): Header {
  const trimmed = (names ?? []).map(name => name.trim());
  const width = names ? trimmed.findLastIndex(name => name !== '') + 1 : columnsMax;
  const exact = placesBy(trimmed, name => name);
  const folded = placesBy(trimmed, normalizedName);
  const findOne = (source: string | number) => {
    if (typeof source === 'number') return source <= width ? source - 1 : undefined;
    const places = exact.get(source.trim()) ?? folded.get(normalizedName(source)) ?? [];
    return places.length > 1 ? 'ambiguous' : places[0];
  };
  return {
    names: trimmed.slice(0, width),
    nameOf: place => trimmed[place] || `column ${place + 1}`,
    find(source) {
      for (const one of [source].flat()) {
        const place = findOne(one);
        if (place !== undefined) return place;
      }
      return undefined;
    },
  };
}

/** @returns a name as names are compared: in lower case, without spaces, underscores, dashes and dots */
const normalizedName = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.-]/g, '');

function placesBy(names: readonly string[], keyOf: (name: string) => string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, name] of names.entries()) {
    if (name === '') continue;
    const key = keyOf(name);
    const known = places.get(key);
    if (known) known.push(place);
    else places.set(key, [place]);
  }
  return places;
}

/** @returns a source for messages: `"Name"`, `"Name" or column 3` */
export const describeSource = (source: Source): string =>
  [source]
    .flat()
    .map(one => (typeof one === 'number' ? `column ${one}` : `"${one}"`))
    .join(' or ');
