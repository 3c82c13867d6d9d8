/** Why one cell, or one row, cannot be imported. */
export type RowFaultCode =
  | 'INVALID_VALUE'
  | 'UNKNOWN_VALUE'
  | 'OUT_OF_RANGE'
  | 'TOO_LONG'
  | 'REQUIRED'
  | 'WRONG_CELL_COUNT'
  | 'DUPLICATE_KEY'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'NOT_UNIQUE'
  | 'NO_SUCH_REFERENCE'
  | 'STILL_REFERENCED'
  | 'RULE_BROKEN'
  | 'REFUSED';

export interface CellFault {
  readonly code: RowFaultCode;
  readonly message: string;
}

/** A value in PostgreSQL's text format, or what is wrong with the cell. */
export type Converted = string | CellFault;
export type Converter = (cell: string) => Converted;

export const cellFault = (code: RowFaultCode, message: string): CellFault => ({ code, message });
export const invalid = (message: string): CellFault => cellFault('INVALID_VALUE', message);
export const isFault = (converted: Converted): converted is CellFault => typeof converted === 'object';
