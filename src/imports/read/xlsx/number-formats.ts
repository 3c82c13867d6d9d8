// Which cells of a workbook are dates: a date is a number with a format. ECMA-376, part 1, section 18.8.30

import { fault } from '../../../base/errors.ts';
import { readWholeXml } from './read-xml.ts';

export type NumberKind = 'number' | 'date' | 'time';

/** Excel allows 65,490. */
const formatsMax = 65_536;

/** @param part the styles of a workbook @returns the kind of each cell format @throws TOO_LARGE */
export async function numberKinds(part: AsyncIterable<Buffer>): Promise<readonly NumberKind[]> {
  const custom = new Map<string, NumberKind>();
  const ids: string[] = [];
  let within = false;
  await readWholeXml(part, {
    open(name, attributes) {
      if (name === 'cellXfs') within = true;
      if (name === 'xf' && within) ids.push(attributes.get('numFmtId') ?? '0');
      if (name === 'numFmt')
        custom.set(attributes.get('numFmtId') ?? '', kindOf(attributes.get('formatCode') ?? ''));
      if (ids.length > formatsMax || custom.size > formatsMax)
        throw fault('TOO_LARGE', `The workbook has more than ${formatsMax} cell formats.`, {
          hint: 'Save it as CSV, and send that.',
          target: 'file',
        });
    },
    close(name) {
      if (name === 'cellXfs') within = false;
    },
  });
  return ids.map(id => custom.get(id) ?? builtIn(Number(id)));
}

/** Formats that every workbook has, those of East Asian languages included. */
function builtIn(id: number): NumberKind {
  const isIn = (from: number, to: number) => id >= from && id <= to;
  if (isIn(18, 21) || isIn(45, 47)) return 'time';
  return isIn(14, 17) || id === 22 || isIn(27, 36) || isIn(50, 58) ? 'date' : 'number';
}

/** What a format code contains besides letters that stand for parts of a date. */
const literals = /"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|AM\/PM|A\/P/gi;

function kindOf(formatCode: string): NumberKind {
  const [first = ''] = formatCode.replace(literals, '').split(';');
  if (/general/i.test(first) || /[0#?]/.test(first.replace(/\.0+/g, ''))) return 'number';
  if (/[yd]/i.test(first)) return 'date';
  if (/[hs]/i.test(first)) return 'time';
  return /m/i.test(first) ? 'date' : 'number';
}
