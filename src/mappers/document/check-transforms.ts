// Whether the transforms of a column can work: their patterns, formats and zones, and how they follow one another.

import { didYouMean } from '../../base/near-name.ts';
import { compileDateFormat } from '../transforms/date-format.ts';
import { compilePattern } from '../transforms/pattern.ts';
import type { Transform } from '../transforms/transform-schema.ts';
import { isZone } from '../transforms/zone.ts';
import type { DocumentFaults } from './document-fault.ts';
import type { MapperColumn } from './schema.ts';
import type { MapperTarget } from './target.ts';

/** What a value is between two transforms. */
type Form = 'text' | 'list';

/** @param path of the column: `columns[3]` */
export function checkTransforms(
  faults: DocumentFaults,
  path: string,
  { transforms }: MapperColumn,
  target: MapperTarget,
): void {
  let form: Form = 'text';
  for (const [place, transform] of transforms.entries()) {
    const at = `${path}.transforms[${place}]`;
    checkOptions(faults, at, transform);
    form = checkForm(faults, at, transform, form);
  }
  const last = transforms.length > 0 ? `${path}.transforms[${transforms.length - 1}]` : path;
  checkResult(faults, last, form, target);
}

function checkForm(faults: DocumentFaults, at: string, { op }: Transform, form: Form): Form {
  if (op === 'split' || op === 'path') {
    if (form === 'list') faults.add(at, `"${op}" needs text, but the value is a list here already.`);
    return 'list';
  }
  if (op !== 'element' && op !== 'join') return form;
  if (form === 'text') faults.add(at, `"${op}" needs a list.`, 'Put "split" or "path" before it.');
  return 'text';
}

function checkResult(faults: DocumentFaults, at: string, form: Form, target: MapperTarget): void {
  if (target.kind === 'tree') {
    if (form === 'text')
      faults.add(
        at,
        `"${target.relation.name}" is a relation to a tree and needs a list.`,
        'Add the transform "path".',
      );
    return;
  }
  const field = target.kind === 'field' ? target.field : target.key;
  // Text is accepted for a list: cells may hold one as JSON, or with the separator "|".
  if (form === 'text' || field.type.list) return;
  faults.add(at, `"${field.name}" is no list.`, 'Add the transform "element" or "join".');
}

function checkOptions(faults: DocumentFaults, at: string, transform: Transform): void {
  switch (transform.op) {
    case 'extract':
      checkPattern(faults, at, transform.pattern, transform.group);
      break;
    case 'number':
    case 'currency':
    case 'percent':
      if (transform.decimal === transform.group)
        faults.add(`${at}.group`, 'Groups of digits need another separator than decimals.');
      break;
    case 'date':
    case 'dateTime':
      checkDate(faults, at, transform);
      break;
    case 'boolean':
      checkWords(faults, at, transform);
      break;
  }
}

/** @param at path of what contains the pattern */
export function checkPattern(faults: DocumentFaults, at: string, source: string, group?: number): void {
  const compiled = compilePattern(source);
  if ('error' in compiled) faults.add(`${at}.pattern`, compiled.error);
  else if (group !== undefined && group > compiled.groups)
    faults.add(`${at}.group`, `The pattern has ${compiled.groups} groups.`);
}

function checkDate(
  faults: DocumentFaults,
  at: string,
  transform: Extract<Transform, { op: 'date' | 'dateTime' }>,
): void {
  if (!isLocale(transform.locale)) {
    faults.add(`${at}.locale`, 'There is no such language.', 'Such as "de" or "pt-BR".');
    return;
  }
  for (const [place, format] of transform.formats.entries()) {
    const compiled = compileDateFormat(format, transform.locale);
    if ('error' in compiled)
      faults.add(`${at}.formats[${place}]`, compiled.error, 'Such as "dd.MM.yyyy HH:mm".');
  }
  if (transform.op === 'dateTime' && !isZone(transform.zone)) {
    const hint = didYouMean(transform.zone, Intl.supportedValuesOf('timeZone')) ?? 'Such as "Europe/Berlin".';
    faults.add(`${at}.zone`, 'There is no such time zone.', hint);
  }
}

function isLocale(locale: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

function checkWords(
  faults: DocumentFaults,
  at: string,
  { true: yes, false: no }: Extract<Transform, { op: 'boolean' }>,
): void {
  const both = yes?.find(word => no?.some(other => other.toLowerCase() === word.toLowerCase()));
  if (both !== undefined) faults.add(`${at}.false`, `"${both}" stands for both true and false.`);
}
