// Generates the values that Prisma's client would generate for new rows, with the same libraries, so that all ids of a column look alike.

import { randomUUID } from 'node:crypto';
import cuid from '@bugsnag/cuid';
import { createId } from '@paralleldrive/cuid2';
import { nanoid } from 'nanoid';
import { ulid } from 'ulid';
import { v7 as timedUuid } from 'uuid';
import type { ColumnField, MadeValue } from '../../../catalog/catalog.ts';

/** @returns a value for a column of a new row */
export function makeValue({ by, option }: MadeValue): string {
  switch (by) {
    case 'uuid':
      return option === 7 ? timedUuid() : randomUUID();
    case 'cuid':
      return option === 2 ? createId() : cuid();
    case 'nanoid':
      return nanoid(option);
    case 'ulid':
      return ulid();
  }
}

/** A column whose values the server generates. */
export type MadeColumn = ColumnField & { readonly made: MadeValue };

export const isMade = (field: { readonly kind: string; readonly made?: MadeValue }): field is MadeColumn =>
  field.kind === 'column' && field.made !== undefined;
