/** Characters that XML cannot hold, a carriage return, which it would make a line feed, and what looks like such an escape. */
const unwritable = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const needsEscape = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff&<>]|_x[0-9A-Fa-f]{4}_/;

/** @returns text as the content of an XML element, its control characters as `_x000D_` (ECMA-376 Part 1, 22.9.2.19) */
export function xmlText(text: string): string {
  if (!needsEscape.test(text)) return text;
  return text
    .replaceAll(unwritable, character => `_x${hex(character)}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** @returns text as the value of an XML attribute in quotation marks */
export const xmlAttribute = (text: string): string => xmlText(text).replaceAll('"', '&quot;');

const hex = (character: string): string =>
  character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
