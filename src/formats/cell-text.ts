// A cell's value as the text that people read and that the import API reads back.

import { numberText, parseVerbatimJson } from '../base/exact-json.ts';

/** @param json a JSON array @returns `a|b`, or JSON where that would not be read back as the same list */
export function listText(json: string): string {
  if (json === '[]') return json;
  const texts = (parseVerbatimJson(json) as unknown[]).map(plainText);
  return texts.every(text => /^[^|[\s]([^|]*[^|\s])?$/.test(text)) ? texts.join('|') : json;
}

/** @param json what a function computed @returns a text without its quotation marks; anything else as it is */
export function computedText(json: string): string | null {
  if (json === 'null') return null;
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

const plainText = (item: unknown): string =>
  typeof item === 'string' ? item : (numberText(item) ?? String(item));
