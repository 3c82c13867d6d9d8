// The transforms that a mapper may apply to a value, with their options. docs/reference/mappers.md describes them to users.

import { z } from 'zod';

const op = <Name extends string>(name: Name, description: string) => z.literal(name).describe(description);

const text = (max: number) => z.string().max(max);
const decimal = z.enum(['.', ',']).default('.').describe('The character before the decimals.');
const group = z
  .enum(['.', ',', "'", ' ', '_', ''])
  .default('')
  .describe('The character between groups of digits; a space stands for every kind of space.');
const separator = text(20).min(1);
const formats = z
  .array(text(60).min(1))
  .min(1)
  .max(20)
  .describe('Formats such as `dd.MM.yyyy`. The first one that fits the value is used.');
const locale = text(20).default('en').describe('The language of the names of months, such as `de`.');
const words = z.array(text(100)).max(1_000);

/** Each transform by its name, `op`. */
export const transformSchemas = [
  z.strictObject({ op: op('trim', 'Removes the spaces at both ends.') }),
  z.strictObject({
    op: op('collapse', 'Replaces each run of spaces and line ends by one space, and trims.'),
  }),
  z.strictObject({ op: op('lower', 'Changes all letters to lower case.') }),
  z.strictObject({ op: op('upper', 'Changes all letters to upper case.') }),
  z.strictObject({
    op: op('title', 'Changes the first letter of each word to upper case, the others to lower case.'),
  }),
  z.strictObject({ op: op('slug', 'Makes a short name for URLs: `Seeds & Bulbs` becomes `seeds-bulbs`.') }),
  z.strictObject({
    op: op('replace', 'Replaces a text wherever it occurs. The text is taken literally.'),
    find: text(200).min(1),
    with: text(200).default(''),
  }),
  z.strictObject({
    op: op(
      'extract',
      'Keeps what a regular expression (RE2 syntax) matches; it is an error if nothing does.',
    ),
    pattern: text(200).min(1),
    group: z.int().min(0).max(20).optional().describe('Default: the first group, or the whole match.'),
    otherwise: z
      .enum(['error', 'null', 'keep'])
      .default('error')
      .describe('What a value without a match becomes.'),
  }),
  z.strictObject({
    op: op('nullIf', 'Turns these words into null, in any case.'),
    words: words.default(['null', 'n/a', 'na', 'none', '-', '--', '#n/a', 'nan']),
  }),
  z.strictObject({
    op: op('default', 'Replaces null, and text that is empty, by a value.'),
    value: text(1_000),
  }),
  z.strictObject({
    op: op('lookup', 'Replaces values by those of a table.'),
    table: z.record(text(200), z.union([text(1_000), z.null()])),
    otherwise: z
      .enum(['error', 'null', 'keep'])
      .default('error')
      .describe('What a value that is not in the table becomes.'),
    ignoreCase: z.boolean().default(true),
  }),
  z.strictObject({
    op: op('number', 'Reads a number with these separators.'),
    decimal,
    group,
    shift: z
      .int()
      .min(-9)
      .max(9)
      .default(0)
      .describe('Moves the decimal point: -3 turns grams into kilograms.'),
  }),
  z.strictObject({
    op: op('currency', 'Reads an amount of money and removes the currency.'),
    decimal,
    group,
    currencies: z
      .array(text(10).min(1))
      .max(50)
      .optional()
      .describe('Symbols or codes that are accepted. Any other is an error. Default: all.'),
    minorDigits: z
      .int()
      .min(0)
      .max(4)
      .default(0)
      .describe('Of amounts in minor units: 2 turns 1999 cents into 19.99.'),
  }),
  z.strictObject({
    op: op('percent', 'Reads a percentage, with or without its sign.'),
    decimal,
    group,
    as: z.enum(['fraction', 'number']).default('fraction').describe('`fraction`: 19 % becomes 0.19.'),
  }),
  z.strictObject({ op: op('date', 'Reads a date.'), formats, locale }),
  z.strictObject({
    op: op('dateTime', 'Reads a date and time, and turns it into UTC.'),
    formats,
    locale,
    zone: text(60)
      .default('UTC')
      .describe('The time zone of values without an offset, such as `Europe/Berlin`.'),
  }),
  z.strictObject({
    op: op('boolean', 'Reads words for true and false, in any case.'),
    true: words.optional().describe('Default: the words of nine languages, 1 and x.'),
    false: words.optional(),
  }),
  z.strictObject({
    op: op('split', 'Cuts text into a list. Parts are trimmed, and empty parts left out.'),
    separator: separator.default(','),
  }),
  z.strictObject({
    op: op('element', 'Takes one element of a list.'),
    index: z.int().min(-1_000).max(1_000).describe('From 0; negative numbers count from the end.'),
  }),
  z.strictObject({ op: op('join', 'Joins a list to text.'), separator: text(20).default(', ') }),
  z.strictObject({
    op: op('path', 'Cuts a path such as `Clothing > Hoodies` into a list, for a relation to a tree.'),
    separator: separator.default('>'),
  }),
] as const;

export const transformSchema = z.discriminatedUnion('op', [...transformSchemas]);

/** A transform with every option, those with a default included. */
export type Transform = z.output<typeof transformSchema>;
export type TransformName = Transform['op'];
export type TransformOf<Name extends TransformName> = Extract<Transform, { op: Name }>;
