import { didYouMean } from '../../base/near-name.ts';
import type { TransformOf } from './transform-schema.ts';
import { type TextStep, ValueFault } from './value.ts';

export const trim: TextStep = text => text.trim();
export const collapse: TextStep = text => text.trim().replace(/\s+/g, ' ');
export const lower: TextStep = text => text.toLowerCase();
export const upper: TextStep = text => text.toUpperCase();

/** An apostrophe does not begin a word: `d'Angelo's` becomes `D'angelo's`. */
export const title: TextStep = text =>
  text.replace(/\p{L}[\p{L}\p{M}\p{N}'’]*/gu, word => {
    const first = String.fromCodePoint(word.codePointAt(0)!);
    return first.toUpperCase() + word.slice(first.length).toLowerCase();
  });

/** Letters that Unicode does not decompose. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Letters of other scripts are kept. */
export const slug: TextStep = text =>
  text
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, letter => plainLetters[letter]!)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

export const replace = ({ find, with: replacement }: TransformOf<'replace'>): TextStep => {
  const write = () => replacement;
  return text => text.replaceAll(find, write);
};

export function nullIf({ words }: TransformOf<'nullIf'>): TextStep {
  const known = new Set(words.map(folded));
  return text => (known.has(folded(text)) ? null : text);
}

const suggestionsMax = 200;

export function lookup({ table, otherwise, ignoreCase }: TransformOf<'lookup'>): TextStep {
  const keyOf = ignoreCase ? folded : (text: string) => text.trim();
  const entries = new Map(Object.entries(table).map(([key, value]) => [keyOf(key), value]));
  const names = entries.size <= suggestionsMax ? Object.keys(table) : [];
  return text => {
    const found = entries.get(keyOf(text));
    if (found !== undefined) return found;
    if (otherwise === 'null') return null;
    if (otherwise === 'keep') return text;
    const hint = didYouMean(text.trim(), names);
    return new ValueFault(
      'UNKNOWN_VALUE',
      `The look-up table of the mapper does not contain the value.${hint ? ` ${hint}` : ''}`,
    );
  };
}

/** @returns text as words are compared: in lower case, composed, without spaces at its ends */
export const folded = (text: string): string => text.trim().normalize('NFC').toLowerCase();
