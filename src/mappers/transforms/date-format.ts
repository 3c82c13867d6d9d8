// Formats of dates, in the letters of Unicode TR 35: https://unicode.org/reports/tr35/tr35-dates.html#Date_Field_Symbol_Table

export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Digits after the second's decimal point. */
  fraction: string;
  /** In minutes; undefined where the format has none. */
  offset?: number;
}

type Take = (parts: Draft, text: string) => void;
/** While a text is read: the clock of twelve hours, and its half of the day. */
type Draft = DateParts & { half?: 'am' | 'pm' };

interface Token {
  readonly pattern: string;
  readonly take: Take;
}

/** @returns the parts of the text, or undefined if it does not fit */
export type DateReader = (text: string) => DateParts | undefined;

const textLengthMax = 100;

/**
 * @param locale of the names of months and days
 * @returns the reader of a format, or what is wrong with it
 */
export function compileDateFormat(format: string, locale: string): DateReader | { readonly error: string } {
  const takes: Take[] = [];
  let pattern = '';
  for (const [piece, quoted, letters] of format.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|./gsu)) {
    if (!letters) {
      pattern += literal(quoted === undefined ? piece : quoted === '' ? "'" : quoted.replaceAll("''", "'"));
      continue;
    }
    const token = tokenOf(piece, locale);
    if (!token) return { error: `"${piece}" is not a part of a date. Write text in apostrophes: 'of'.` };
    pattern += `(${token.pattern})`;
    takes.push(token.take);
  }
  if (!/[yMdHhms]/.test(format.replaceAll(/'[^']*'/g, '')))
    return { error: 'The format has no part of a date.' };
  return reader(new RegExp(`^${pattern}$`, 'iu'), takes);
}

function reader(shape: RegExp, takes: readonly Take[]): DateReader {
  return text => {
    if (text.length > textLengthMax) return undefined;
    const match = shape.exec(text);
    if (!match) return undefined;
    const parts: Draft = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: '' };
    for (let i = 0; i < takes.length; i++) takes[i]!(parts, match[i + 1]!);
    if (parts.half) {
      if (parts.hour < 1 || parts.hour > 12) return undefined;
      parts.hour = (parts.hour % 12) + (parts.half === 'pm' ? 12 : 0);
    }
    return isReal(parts) ? parts : undefined;
  };
}

function isReal({ year, month, day, hour, minute, second, offset = 0 }: DateParts): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return false;
  return Math.abs(offset) <= 14 * 60 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

const literal = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`).replace(/[ \u00a0\u202f]+/g, String.raw`\s+`);

const digits = (count: string, take: Take): Token => ({ pattern: String.raw`\d{${count}}`, take });
/** Years of two digits: 69 is 2069, 70 is 1970. */
const fullYear = (short: number): number => short + (short < 70 ? 2000 : 1900);

const tokens: Readonly<Record<string, Token>> = {
  yyyy: digits('4', (parts, text) => {
    parts.year = Number(text);
  }),
  yy: digits('2', (parts, text) => {
    parts.year = fullYear(Number(text));
  }),
  ...oneOrTwo('M', 'month'),
  ...oneOrTwo('d', 'day'),
  ...oneOrTwo('H', 'hour'),
  ...oneOrTwo('h', 'hour'),
  ...oneOrTwo('m', 'minute'),
  ...oneOrTwo('s', 'second'),
  S: digits('1,9', (parts, text) => {
    parts.fraction = text;
  }),
  a: {
    pattern: String.raw`[ap]\.?m\.?`,
    take: (parts, text) => {
      parts.half = /^a/i.test(text) ? 'am' : 'pm';
    },
  },
  Z: {
    pattern: String.raw`Z|[+-]\d\d:?\d\d`,
    take: (parts, text) => {
      parts.offset = minutesOf(text);
    },
  },
};

function oneOrTwo(letter: string, part: 'month' | 'day' | 'hour' | 'minute' | 'second') {
  const take: Take = (parts, text) => {
    parts[part] = Number(text);
  };
  return { [letter]: digits('1,2', take), [letter + letter]: digits('2', take) };
}

function minutesOf(offset: string): number {
  if (/^z$/i.test(offset)) return 0;
  const value = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return offset.startsWith('-') ? -value : value;
}

function tokenOf(letters: string, locale: string): Token | undefined {
  if (/^S+$/.test(letters)) return tokens.S;
  if (letters === 'MMM' || letters === 'MMMM') return monthNames(locale);
  if (letters === 'EEE' || letters === 'EEEE') return weekdayNames(locale);
  return Object.hasOwn(tokens, letters) ? tokens[letters] : undefined;
}

/** Long and short names are both accepted, the short ones with or without a full stop. */
function monthNames(locale: string): Token {
  const months = new Map<string, number>();
  for (let month = 1; month <= 12; month++) {
    for (const name of namesOf(locale, new Date(Date.UTC(2024, month - 1, 15)), 'month'))
      months.set(name, month);
  }
  return {
    pattern: alternatives([...months.keys()]),
    take: (parts, text) => {
      parts.month = months.get(plainName(text))!;
    },
  };
}

/** The name of the day is not compared with the date. */
function weekdayNames(locale: string): Token {
  const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)));
  return { pattern: alternatives(days.flatMap(day => namesOf(locale, day, 'weekday'))), take: () => {} };
}

function namesOf(locale: string, date: Date, part: 'month' | 'weekday'): string[] {
  return (['long', 'short'] as const).flatMap(width => {
    const alone = new Intl.DateTimeFormat(locale, { [part]: width, timeZone: 'UTC' }).format(date);
    // In some languages the name has another form beside a day.
    const inDate = new Intl.DateTimeFormat(locale, { [part]: width, day: 'numeric', timeZone: 'UTC' })
      .formatToParts(date)
      .find(({ type }) => type === part)?.value;
    return [alone, inDate ?? alone].map(plainName);
  });
}

const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The longest first, so that a name is not taken for another that it begins with. */
const alternatives = (names: readonly string[]): string =>
  `(?:${[...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map(literal)
    .join('|')})\\.?`;
