import { element, escaped } from '../csdl/xml.ts';
import { powerQuery } from './power-query.ts';

const office = 'urn:schemas-microsoft-com:office:office';
const connection = 'urn:schemas-microsoft-com:office:odc';
const html = 'http://www.w3.org/TR/REC-html40';

/**
 * @param root the service root, with a trailing slash
 * @returns an Office Data Connection for Excel: a Power Query, wrapped the way Excel exports one (MS-ODCFF)
 */
export function officeConnection(root: string, set: string): string {
  const properties = element('o:DocumentProperties', { 'xmlns:o': office, xmlns: html }, [
    `<o:Description>${escaped(`${set} of ${root}`)}</o:Description>`,
    `<o:Name>${escaped(`Query - ${set}`)}</o:Name>`,
  ]);
  const data = element('odc:OfficeDataConnection', { 'xmlns:odc': connection, xmlns: html }, [
    element('odc:PowerQueryConnection', { 'odc:Type': 'OLEDB' }, [
      `<odc:ConnectionString>${escaped(connectionString(set))}</odc:ConnectionString>`,
      '<odc:CommandType>SQL</odc:CommandType>',
      `<odc:CommandText>${escaped(`SELECT * FROM [${set}]`)}</odc:CommandText>`,
    ]),
    `<odc:PowerQueryMashupData>${escaped(mashup(root, set))}</odc:PowerQueryMashupData>`,
  ]);
  return `<html xmlns:o="${office}" xmlns="${html}">
<head>
<meta http-equiv=Content-Type content="text/x-ms-odc; charset=utf-8">
<meta name=ProgId content=ODC.Database>
<meta name=SourceType content=OLEDB>
<title>${escaped(`Query - ${set}`)}</title>
<xml id=docprops>${properties}</xml>
<xml id=msodc>${data}</xml>
</head>
</html>
`;
}

const connectionString = (set: string): string =>
  `Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location=${set};Extended Properties=""`;

/** `]]>` would end the CDATA section, so it is split between two of them. */
function mashup(root: string, set: string): string {
  const formula = powerQuery(root, set).replaceAll(']]>', ']]]]><![CDATA[>');
  return [
    '<Mashup xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/DataMashup">',
    '<Client>EXCEL</Client><Version>2.61.5192.1301</Version><MinVersion>1.5.3296.0</MinVersion><Culture>en-US</Culture>',
    `<SafeCombine>true</SafeCombine><Items><Query Name="${escaped(set)}"><Formula><![CDATA[${formula}]]></Formula>`,
    '<IsParameterQuery xsi:nil="true" /><IsDirectQuery xsi:nil="true" /></Query></Items></Mashup>',
  ].join('');
}
