import type { Random } from './random.ts';
import type { DataSheetRow, ProductRow } from './rows.ts';

const languages = ['en', 'en', 'en', 'de', 'fr', 'pt-BR', 'zh-Hant'];

/** @returns a sheet for about every sixth product */
export function createDataSheets(random: Random, products: readonly ProductRow[]): DataSheetRow[] {
  return products
    .filter(() => random.chance(0.16))
    .map(product => ({
      id: uuid(random),
      productId: product.id,
      language: random.pick(languages),
      pages: random.whole(1, 12),
      preview: random.chance(0.25) ? null : preview(product),
    }));
}

/** @returns a UUID of version 4 (RFC 9562, section 5.4) */
function uuid(random: Random): string {
  const digits = Array.from({ length: 32 }, () => random.whole(0, 15).toString(16)).join('');
  const variant = random.pick(['8', '9', 'a', 'b']);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    variant + digits.slice(17, 20),
    digits.slice(20),
  ].join('-');
}

/** The head of a PDF: the comment's high bytes mark the file as binary (ISO 32000-1, 7.5.2). */
function preview(product: ProductRow): string {
  const head = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');
  const title = Buffer.from(`1 0 obj <</Title (${product.sku})>>`, 'latin1');
  return `\\x${Buffer.concat([head, title]).toString('hex')}`;
}
