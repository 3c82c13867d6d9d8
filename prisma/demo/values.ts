// Values as the database takes them: exact decimals, times relative to the demo's own present, barcodes.

/** The demo's present. Everything happens before it. */
export const today = Date.UTC(2026, 10, 1);
export const dayMs = 24 * 60 * 60 * 1000;

/** @param units the number without its point: 1999 with two places is `19.99` */
export function decimal(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** @param time milliseconds since 1970 */
export const timestamp = (time: number): string => new Date(time).toISOString();

/** @param time milliseconds since 1970 @returns the day in UTC */
export const day = (time: number): string => timestamp(time).slice(0, 10);

/** @returns an EAN-13 in the range for use inside a shop, which no manufacturer owns (GS1 prefixes 200 to 299) */
export function shopBarcode(article: number): string {
  const digits = `27${String(article).padStart(10, '0')}`;
  return digits + checkDigit(digits);
}

/** The weights 1 and 3 alternate from the left; the check digit fills up to the next ten (GS1 General Specifications, 7.9.1). */
function checkDigit(digits: string): number {
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return (10 - (sum % 10)) % 10;
}

/** @returns a short name for addresses: `Light & Textiles` becomes `light-and-textiles` */
export const slug = (name: string): string =>
  plainLetters(name.toLowerCase().replaceAll('&', 'and'))
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** @returns Latin letters without their marks: `Łukasz Größe` becomes `Lukasz Grosse` */
export const plainLetters = (text: string): string =>
  text
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L')
    .replaceAll('ø', 'o')
    .replaceAll('Ø', 'O')
    .replaceAll('æ', 'ae')
    .replaceAll('Æ', 'Ae')
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '');
