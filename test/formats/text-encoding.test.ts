import { expect, test } from 'vitest';
import { textEncoder } from '../../src/formats/text-encoding.ts';

const once = (encoding: Parameters<typeof textEncoder>[0], ...chunks: string[]) => {
  const encode = textEncoder(encoding);
  return Buffer.concat(chunks.map(chunk => encode(chunk)));
};

test.each(['utf-8', 'utf-8-bom', 'utf-16le'] as const)(
  '%s holds every character, and one mark at most',
  encoding => {
    const decoder = new TextDecoder(encoding.replace('-bom', ''), { fatal: true, ignoreBOM: true });
    const text = decoder.decode(once(encoding, 'a€', 'Ж😀\r\n'));
    expect(text).toBe(`${encoding === 'utf-8' ? '' : '\ufeff'}a€Ж😀\r\n`);
  },
);

test('windows-1252 has the characters of Western Europe, those between Latin-1 and itself included', () => {
  const text = 'Ångström – „€ 9“ … Œ ÿ';
  expect(new TextDecoder('windows-1252').decode(once('windows-1252', text))).toBe(text);
  expect([...once('windows-1252', '€“”ÿ')]).toEqual([0x80, 0x93, 0x94, 0xff]);
});

test.each(['Ж', '😀', '中', '\u0081x\ufffd'])('windows-1252 refuses %s instead of losing it', text => {
  expect(() => once('windows-1252', text)).toThrow(/windows-1252 does not have the character/);
});
