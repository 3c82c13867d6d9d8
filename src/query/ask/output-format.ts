/** How Decimal and BigInt are written: as JSON numbers with every digit, or as strings. */
export type NumberFormat = 'numbers' | 'strings';
/**
 * With `odata-`, bytes and the numbers that JSON cannot represent are written as OData requires. With `exact-`, times have
 * all their digits, microseconds included, so that nothing is lost when they are read back.
 */
export type OutputFormat = NumberFormat | `odata-${NumberFormat}` | `exact-${NumberFormat}`;
