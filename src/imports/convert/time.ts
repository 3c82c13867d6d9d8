// Dates and times: ISO 8601 only, since 03/04/2026 means two things.

import { toDate, toDateTime, toTime } from '../../query/ask/temporal.ts';
import { type Converter, invalid } from './cell-fault.ts';

/** Without an offset it is UTC; without a time it is midnight. */
export const dateTimeConverter: Converter = cell =>
  toDateTime(cell.trim()) ?? invalid('Not a date and time. Write 2026-01-31T12:00:00Z.');

export const dateConverter: Converter = cell =>
  toDate(cell.trim()) ?? invalid('Not a date. Write the year, the month and the day: 2026-01-31.');

export const timeConverter: Converter = cell =>
  toTime(cell.trim()) ?? invalid('Not a time of day. Write hours, minutes and seconds: 08:30:00.');
