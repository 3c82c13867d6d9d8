// ZIP files and workbooks for tests, made of text.

import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { FileContent } from './import-csv.ts';

/** @returns a ZIP file with these files */
export async function zip(files: Readonly<Record<string, string | Buffer>>): Promise<FileContent> {
  const file = new ZipFile();
  for (const [name, content] of Object.entries(files)) file.addBuffer(Buffer.from(content), name);
  file.end();
  return new Uint8Array(await buffer(file.outputStream));
}

const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface WorkbookParts {
  /** The XML of the rows. */
  readonly rows: string;
  readonly strings?: string;
  readonly styles?: string;
  /** Attributes of `workbookPr`. */
  readonly properties?: string;
}

/** @returns a workbook whose second sheet, the first that is visible, has these rows */
export function workbook({ rows, strings, styles, properties = '' }: WorkbookParts): Promise<FileContent> {
  const kinds = ['worksheet', 'worksheet', 'sharedStrings', 'styles'];
  const targets = ['worksheets/hidden.xml', '/xl/worksheets/sheet1.xml', 'sharedStrings.xml', 'styles.xml'];
  const links = targets.map(
    (target, i) => `<Relationship Id="r${i}" Type="${relationships}/${kinds[i]}" Target="${target}"/>`,
  );
  return zip({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<?xml version="1.0"?><x:workbook xmlns:x="main" xmlns:r="${relationships}"><x:workbookPr ${properties}/><x:sheets>
      <x:sheet name="Hidden" sheetId="1" state="hidden" r:id="r0"/><x:sheet name="Products" sheetId="2" r:id="r1"/></x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${links.join('')}</Relationships>`,
    'xl/worksheets/hidden.xml': '<worksheet/>',
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...(strings !== undefined && { 'xl/sharedStrings.xml': `<sst>${strings}</sst>` }),
    ...(styles !== undefined && { 'xl/styles.xml': `<styleSheet>${styles}</styleSheet>` }),
  });
}

/** @returns a row with cells of text */
export const textRow = (...cells: string[]): string =>
  `<row>${cells.map(cell => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;
