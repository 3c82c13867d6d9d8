/**
 * @param root the service root, with a trailing slash
 * @returns a query in Power Query M, to paste into the advanced editor (Microsoft, Power Query M: OData.Feed)
 */
export const powerQuery = (root: string, set: string): string => `let
    Source = OData.Feed(${textLiteral(root)}, null, [Implementation = "2.0"]),
    Rows = Source{[Name = ${textLiteral(set)}, Signature = "table"]}[Data]
in
    Rows
`;

/** Quotes are doubled, and `#(`, which starts an escape, is escaped (Power Query M specification, 12.1.6). */
const textLiteral = (text: string): string => `"${text.replaceAll('#(', '#(#)(').replaceAll('"', '""')}"`;
