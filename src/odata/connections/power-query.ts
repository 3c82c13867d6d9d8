/**
 * @param root the service root, with a slash at its end
 * @returns a query in Power Query's own language, to be pasted into its advanced editor (Microsoft, Power Query M: OData.Feed)
 */
export const powerQuery = (root: string, set: string): string => `let
    Source = OData.Feed(${textLiteral(root)}, null, [Implementation = "2.0"]),
    Rows = Source{[Name = ${textLiteral(set)}, Signature = "table"]}[Data]
in
    Rows
`;

/** A quote is doubled; a number sign before a parenthesis begins an escape (Power Query M specification, 12.1.6). */
const textLiteral = (text: string): string => `"${text.replaceAll('#(', '#(#)(').replaceAll('"', '""')}"`;
