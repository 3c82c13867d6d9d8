/** The cost of a row that is written, with its indexes and its entry in the change log, in values that are read. */
export const writtenRowCost = 100;
