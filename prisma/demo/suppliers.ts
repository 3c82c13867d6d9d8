import type { Random } from './random.ts';
import type { SupplierRow } from './rows.ts';
import { day, dayMs, today } from './values.ts';

const namesByCountry: Readonly<Record<string, readonly string[]>> = {
  DE: [
    'Müller & Söhne GmbH',
    'Holzwerk Spreewald eG',
    'Nordlicht Leuchten GmbH',
    'Schröder Werkzeuge KG',
    'Grünland Saaten AG',
  ],
  AT: ['Alpenstahl GmbH', 'Tischlerei Mühlviertel OG', 'Bergquell Getränke GmbH', 'Steirische Ölmühle eGen'],
  CH: ['Käser Präzision AG', 'Zürcher Papierfabrik AG', 'Chocolaterie du Léman SA', 'Gletscher Outdoor AG'],
  FR: [
    "L'Atelier du Bois SARL",
    'Porcelaines de Limoges SAS',
    'Coutellerie Thiernoise SARL',
    'Moulin de Provence SAS',
    'Vélo Rhône SA',
  ],
  IT: [
    'Ceramiche Bianchi S.r.l.',
    'Pastificio Ferrara S.p.A.',
    'Vetreria Murano S.r.l.',
    'Acciai Bergamo S.p.A.',
    'Oleificio Riva S.r.l.',
  ],
  ES: ['Cerámicas Andaluzas S.L.', 'Aceites del Sur S.A.', 'Textiles Levante S.L.', 'Jardín Ibérico S.L.'],
  PT: ['Cortiça do Alentejo Lda', 'Têxteis Guimarães S.A.', 'Azulejos Lisboa Lda'],
  NL: [
    'Van der Berg Bloembollen B.V.',
    'Delftse Pottenbakkerij B.V.',
    'Polder Fietsen B.V.',
    'Maas Verpakking N.V.',
  ],
  SE: ['Bergström Möbler AB', 'Åkerlund Textil AB', 'Skogsverktyg AB', 'Köksbro Stål AB'],
  DK: ['Sørensen Design ApS', 'Fjord Belysning A/S', 'Løvfall Have ApS'],
  PL: [
    'Łódzka Tkalnia Sp. z o.o.',
    'Huta Szkła Kraków S.A.',
    'Meble Mazury Sp. z o.o.',
    'Śląskie Narzędzia S.A.',
  ],
  CZ: ['Sklárna Jablonec s.r.o.', 'Dřevo Šumava a.s.', 'Tužky Budějovice a.s.'],
  GB: [
    "O'Connor & Daughters Ltd",
    'Sheffield Edge Tools Ltd',
    'Highland Woollens Ltd',
    'Thames Garden Supplies Ltd',
  ],
  JP: ['株式会社山田製作所', '南部鉄器工房', '有限会社堺刃物'],
  TW: ['台灣自行車零件有限公司', 'Formosa Fasteners Co., Ltd.'],
  IN: ['Jaipur Handloom Pvt. Ltd.', 'Kerala Coir Exports'],
  US: ['Portland Canvas Co.', 'Great Lakes Abrasives, Inc.'],
};

/** @returns every supplier, numbered country by country */
export function createSuppliers(random: Random): SupplierRow[] {
  const named = Object.entries(namesByCountry).flatMap(([country, names]) =>
    names.map(name => ({ country, name })),
  );
  return named.map(({ country, name }, at) => ({
    id: at + 1,
    code: `${country}-${String(100 + at * 7)}`,
    name,
    country,
    rating: random.chance(0.12) ? null : random.whole(22, 50) / 10,
    since: random.chance(0.1) ? null : day(today - random.whole(400, 9000) * dayMs),
  }));
}
