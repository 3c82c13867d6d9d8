// The fixed parts of a workbook's package (ECMA-376 Part 2), and the list of its sheets.

import { stylesXml } from './styles.ts';
import { xmlAttribute } from './xml-text.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Every XML file is a worksheet unless it is named, so that their number need not be known at the beginning. */
const contentTypes = [
  declaration,
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
  `<Default Extension="xml" ContentType="${spreadsheet}.worksheet+xml"/>`,
  `<Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/>`,
  `<Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/>`,
  '</Types>',
].join('');

const relations = (items: readonly string[]): string =>
  `${declaration}<Relationships xmlns="${packageRelations}">${items.join('')}</Relationships>`;

const relation = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${officeRelations}/${type}" Target="${target}"/>`;

export interface PackagePart {
  readonly name: string;
  readonly xml: string;
}

/** The parts before the sheets. */
export const firstParts: readonly PackagePart[] = [
  { name: '[Content_Types].xml', xml: contentTypes },
  { name: '_rels/.rels', xml: relations([relation('rId1', 'officeDocument', 'xl/workbook.xml')]) },
  { name: 'xl/styles.xml', xml: stylesXml },
];

/** @param number from 1 */
export const sheetPart = (number: number): string => `xl/worksheets/sheet${number}.xml`;

/** @param names of the sheets, in order @returns the parts after the sheets */
export function lastParts(names: readonly string[]): PackagePart[] {
  const sheets = names.map(
    (name, index) => `<sheet name="${xmlAttribute(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const targets = names.map((_, index) =>
    relation(`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`),
  );
  return [
    {
      name: 'xl/workbook.xml',
      xml: `${declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${officeRelations}"><sheets>${sheets.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      xml: relations([...targets, relation('rIdStyles', 'styles', 'styles.xml')]),
    },
  ];
}
