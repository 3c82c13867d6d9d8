/** How Decimal and BigInt are written: as JSON numbers with every digit, or as strings. */
export type NumberFormat = 'numbers' | 'strings';
/** With `odata-`, bytes and the numbers that JSON cannot represent are written as OData requires. */
export type OutputFormat = NumberFormat | `odata-${NumberFormat}`;
