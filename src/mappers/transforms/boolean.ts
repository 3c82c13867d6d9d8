import { folded } from './text.ts';
import type { TransformOf } from './transform-schema.ts';
import { invalid, type TextStep } from './value.ts';

/** English, German, French, Spanish, Italian, Dutch, Portuguese and Polish. No word means true in one and false in another. */
export const trueWords = [
  'true',
  'yes',
  'y',
  't',
  '1',
  'on',
  'x',
  '✓',
  '✔',
  'active',
  'enabled',
  'wahr',
  'ja',
  'j',
  'aktiv',
  'vrai',
  'oui',
  'o',
  'actif',
  'verdadero',
  'sí',
  'si',
  's',
  'activo',
  'vero',
  'sì',
  'attivo',
  'waar',
  'actief',
  'verdadeiro',
  'sim',
  'ativo',
  'prawda',
  'tak',
  'aktywny',
] as const;

export const falseWords = [
  'false',
  'no',
  'n',
  'f',
  '0',
  'off',
  '✗',
  '✘',
  'inactive',
  'disabled',
  'falsch',
  'nein',
  'inaktiv',
  'faux',
  'non',
  'inactif',
  'falso',
  'inactivo',
  'inattivo',
  'onwaar',
  'nee',
  'inactief',
  'não',
  'nao',
  'inativo',
  'fałsz',
  'nie',
  'nieaktywny',
] as const;

export function boolean({ true: ownTrue, false: ownFalse }: TransformOf<'boolean'>): TextStep {
  const words = new Map([
    ...(ownFalse ?? falseWords).map(word => [folded(word), 'false'] as const),
    ...(ownTrue ?? trueWords).map(word => [folded(word), 'true'] as const),
  ]);
  const examples = [...(ownTrue ?? ['true', 'yes']), ...(ownFalse ?? ['false', 'no'])].slice(0, 6).join(', ');
  const fault = invalid(
    `Not a word for true or false. The mapper knows ${examples}${ownTrue ? '.' : ' and others.'}`,
  );
  return text => words.get(folded(text)) ?? fault;
}
