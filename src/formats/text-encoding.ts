// The encodings in which a file can be written.

import { type Fault, fault } from '../base/errors.ts';

export const textEncodings = ['utf-8', 'utf-8-bom', 'utf-16le', 'windows-1252'] as const;
export type TextEncoding = (typeof textEncodings)[number];

/** @returns a function that encodes the chunks of one file in turn @throws INVALID_VALUE for a character that the encoding does not have */
export function textEncoder(encoding: TextEncoding): (text: string) => Buffer {
  switch (encoding) {
    case 'utf-8':
      return text => Buffer.from(text);
    case 'utf-8-bom':
      return marked(text => Buffer.from(text));
    case 'utf-16le':
      return marked(text => Buffer.from(text, 'utf16le'));
    case 'windows-1252':
      return encodeWindows1252;
  }
}

const byteOrderMark = '\ufeff';

function marked(encode: (text: string) => Buffer): (text: string) => Buffer {
  let isFirst = true;
  return text => {
    const bytes = encode(isFirst ? byteOrderMark + text : text);
    isFirst = false;
    return bytes;
  };
}

/** The characters that both encodings write as the same byte. */
const sameAsLatin1 = /^[\u0000-\u007f\u00a0-\u00ff]*$/;

/** The bytes of the characters that Latin-1 lacks, such as the euro sign. https://encoding.spec.whatwg.org/index-windows-1252.txt */
const others = new Map(
  Array.from({ length: 32 }, (_, index) => 0x80 + index).map(byte => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    byte,
  ]),
);

function encodeWindows1252(text: string): Buffer {
  if (sameAsLatin1.test(text)) return Buffer.from(text, 'latin1');
  const bytes = Buffer.alloc(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isLatin1 = code < 0x80 || (code >= 0xa0 && code <= 0xff);
    const byte = isLatin1 ? code : others.get(text[index]!);
    if (byte === undefined) throw noSuchCharacter(String.fromCodePoint(text.codePointAt(index)!));
    bytes[index] = byte;
  }
  return bytes;
}

function noSuchCharacter(character: string): Fault {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return fault('INVALID_VALUE', `windows-1252 does not have the character "${character}" (U+${code}).`, {
    hint: 'Use encoding=utf-8-bom, which Excel recognizes, or leave the field out.',
    target: 'encoding',
  });
}
