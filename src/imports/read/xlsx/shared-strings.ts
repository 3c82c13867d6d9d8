import { fault } from '../../../base/errors.ts';
import { readWholeXml } from './read-xml.ts';

/** They are held in memory. */
const charactersMax = 50_000_000;
const stringsMax = 2_000_000;

/** @param part the texts that cells refer to by number @throws TOO_LARGE */
export async function readSharedStrings(part: AsyncIterable<Buffer>): Promise<readonly string[]> {
  const strings: string[] = [];
  let characters = 0;
  let text = '';
  // Readings of East Asian characters (rPh) are texts as well.
  let phonetic = false;
  let within = false;
  await readWholeXml(part, {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic = true;
      within = name === 't' && !phonetic;
    },
    text(piece) {
      if (!within) return;
      text += piece;
      characters += piece.length;
      if (characters > charactersMax || strings.length >= stringsMax) throw tooManyTexts();
    },
    close(name) {
      within = false;
      if (name === 'rPh') phonetic = false;
      if (name !== 'si') return;
      if (strings.length >= stringsMax) throw tooManyTexts();
      strings.push(text);
    },
  });
  return strings;
}

const tooManyTexts = () =>
  fault('TOO_LARGE', 'The workbook has too many different texts to be read as a workbook.', {
    hint: 'Save it as CSV, and send that.',
    target: 'file',
  });
