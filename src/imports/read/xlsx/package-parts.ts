// Which part of a workbook is which. ECMA-376, part 1, section 18.2

import { posix } from 'node:path';
import { fault } from '../../../base/errors.ts';
import type { Zip } from '../source/zip-file.ts';
import { readWholeXml } from './read-xml.ts';

const workbookPart = 'xl/workbook.xml';
const relationshipsPart = 'xl/_rels/workbook.xml.rels';

export interface PackageParts {
  /** Of the first sheet that is visible. */
  readonly sheet: string;
  readonly sharedStrings?: string;
  readonly styles?: string;
  /** Whether dates count from 1904. */
  readonly from1904: boolean;
}

/** Whether a ZIP file is a workbook. */
export const isWorkbook = (zip: Zip): boolean => zip.has(workbookPart) && zip.has(relationshipsPart);

/** @throws MALFORMED_REQUEST for a workbook without a sheet of cells */
export async function packageParts(zip: Zip): Promise<PackageParts> {
  const targets = await relationships(zip);
  const byKind = (kind: string) =>
    [...targets.values()].find(target => target.type.endsWith(`/${kind}`) && zip.has(target.path))?.path;
  let sheet: string | undefined;
  let from1904 = false;
  await readWholeXml(zip.read(workbookPart), {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes.get('date1904') ?? '');
      if (name !== 'sheet' || (attributes.get('state') ?? 'visible') !== 'visible') return;
      const target = targets.get(attributes.get('id') ?? '');
      if (target?.type.endsWith('/worksheet') && zip.has(target.path)) sheet ??= target.path;
    },
  });
  if (sheet === undefined)
    throw fault('MALFORMED_REQUEST', 'The workbook has no visible sheet.', { target: 'file' });
  return { sheet, sharedStrings: byKind('sharedStrings'), styles: byKind('styles'), from1904 };
}

/** Excel allows about a thousand sheets. */
const relationshipsMax = 10_000;

async function relationships(zip: Zip) {
  const targets = new Map<string, { readonly type: string; readonly path: string }>();
  await readWholeXml(zip.read(relationshipsPart), {
    open(name, attributes) {
      if (name !== 'Relationship' || targets.size >= relationshipsMax) return;
      const path = posix.join('xl', attributes.get('Target') ?? '');
      const absolute = attributes.get('Target')?.startsWith('/');
      targets.set(attributes.get('Id') ?? '', {
        type: attributes.get('Type') ?? '',
        path: absolute ? attributes.get('Target')!.slice(1) : path,
      });
    },
  });
  return targets;
}
