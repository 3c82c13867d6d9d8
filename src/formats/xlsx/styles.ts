// The formats of cells, by their number in styles.xml.

export const generalStyle = 0;
export const headerStyle = 1;
export const dateStyle = 2;
export const dateTimeStyle = 3;
export const timeStyle = 4;
/** Numbers with more digits than a spreadsheet keeps. */
export const textStyle = 5;
/** Text that would be a formula if it were typed: a spreadsheet shows an apostrophe before it while it is edited. */
export const quotedStyle = 6;
const firstScaleStyle = 7;
const scaleMax = 15;

/** @returns the style of decimals that always show their fraction */
export const scaleStyle = (scale: number | undefined): number =>
  scale === undefined || scale < 1 || scale > scaleMax ? generalStyle : firstScaleStyle + scale - 1;

const customFormats = 164;
const textFormat = 49;
const scales = Array.from({ length: scaleMax }, (_, index) => `0.${'0'.repeat(index + 1)}`);
const codes = ['yyyy-mm-dd', 'yyyy-mm-dd hh:mm:ss', 'hh:mm:ss', ...scales];

const cellFormat = (format: number, more = ''): string =>
  `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0"${format ? ' applyNumberFormat="1"' : ''}${more}/>`;

const cellFormats = [
  cellFormat(0),
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
  ...[0, 1, 2].map(index => cellFormat(customFormats + index)),
  cellFormat(textFormat),
  cellFormat(0, ' quotePrefix="1"'),
  ...scales.map((_, index) => cellFormat(customFormats + 3 + index)),
];

const font = (more = '') => `<font>${more}<sz val="11"/><name val="Calibri"/></font>`;

/** styles.xml (ECMA-376 Part 1, 18.8) */
export const stylesXml = [
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
  '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
  `<numFmts count="${codes.length}">`,
  ...codes.map((code, index) => `<numFmt numFmtId="${customFormats + index}" formatCode="${code}"/>`),
  '</numFmts>',
  `<fonts count="2">${font()}${font('<b/>')}</fonts>`,
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  `<cellXfs count="${cellFormats.length}">${cellFormats.join('')}</cellXfs>`,
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
  '</styleSheet>',
].join('');
