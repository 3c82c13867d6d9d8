// Descriptions of scopes, for the users who grant them: what they allow, and what they do not.

import type { Catalog, Entity } from '../../catalog/catalog.ts';

/** @returns a sentence without its full stop, for example `Read products, but no restricted fields` */
export type ScopeDescriptions = (scope: string) => string;

/** Up to this number, sets are listed by name; beyond it, only their number is shown. */
const setsNamedMax = 12;

export function createScopeDescriptions(catalog: Pick<Catalog, 'sets' | 'scopes'>): ScopeDescriptions {
  const descriptions = new Map(catalog.scopes.map(scope => [scope, describe(catalog, scope)]));
  return scope => descriptions.get(scope) ?? `The scope ${scope}, which no longer exists`;
}

function describe({ sets }: Pick<Catalog, 'sets'>, scope: string): string {
  if (scope === 'admin') return 'Manage users, API keys, apps and everything else on this server';
  const [subject = '', access] = scope.split(':');
  if (access === undefined)
    return `${verbs[subject] ?? subject} all data: ${nameSets(sets)}${excepted(sets)}`;
  const entity = sets.get(subject);
  const verb = access === 'write' && !entity ? 'Change' : (verbs[access] ?? access);
  if (entity) return `${verb} ${plain(entity.set)}${excepted(new Map([[subject, entity]]))}`;
  return `${verb} ${joinNames(fieldsOf(sets, subject))}`;
}

const verbs: Readonly<Record<string, string>> = { read: 'Read', write: 'Create, change and delete' };

function nameSets(sets: ReadonlyMap<string, Entity>): string {
  const names = [...sets.keys()].map(plain);
  return names.length > setsNamedMax ? `${names.length} kinds of records` : joinNames(names);
}

const excepted = (sets: ReadonlyMap<string, Entity>): string =>
  [...sets.values()].some(({ fields }) => [...fields.values()].some(field => field.restricted))
    ? ', but no restricted fields'
    : '';

/** @returns the fields of a restricted group, named by the schema's documentation where possible */
function fieldsOf(sets: ReadonlyMap<string, Entity>, group: string): string[] {
  return [...sets.values()].flatMap(({ set, fields }) => {
    const names = [...fields.values()]
      .filter(field => field.restricted === group)
      .map(({ name, description }) => labelOf(name, description));
    return names.length === 0 ? [] : [`the ${joinNames(names)} of ${plain(set)}`];
  });
}

/** A short description, for example "Purchase price.", reads better than a name in camel case. */
function labelOf(name: string, description: string | undefined): string {
  const short = /^(\p{Lu}[^.;:(]{2,40})\.?$/u.exec(description?.trim() ?? '')?.[1];
  const vague = !short || /^(personal data|see|computed|from|in)\b/i.test(short);
  return vague ? plain(name) : short[0]!.toLowerCase() + short.slice(1);
}

/** @returns `orderItems` as `order items` */
const plain = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();

function joinNames(names: readonly string[]): string {
  const [last = 'nothing', ...others] = [...new Set(names)].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}
