/**
 * Settings of every session on either database. Texts of values depend on them, and so does Prisma's adapter, which
 * takes for granted that sessions are in UTC.
 */
export const sessionOptions = [
  'TimeZone=UTC',
  'DateStyle=ISO',
  'IntervalStyle=iso_8601',
  'bytea_output=hex',
  'extra_float_digits=1',
] as const;
