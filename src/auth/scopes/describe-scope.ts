// Scopes in words, for the people who grant them: what they allow, and what not.

import type { Catalog, Entity } from '../../catalog/catalog.ts';

/** @returns a sentence without its full stop, such as `Read products, but no restricted fields` */
export type ScopeDescriptions = (scope: string) => string;

/** Sets that are named one by one; of more, their number is told. */
const setsNamedMax = 12;

export function createScopeDescriptions(catalog: Pick<Catalog, 'sets' | 'scopes'>): ScopeDescriptions {
  const words = new Map(catalog.scopes.map(scope => [scope, describe(catalog, scope)]));
  return scope => words.get(scope) ?? `The scope ${scope}, which this server does not know any more`;
}

function describe({ sets }: Pick<Catalog, 'sets'>, scope: string): string {
  if (scope === 'admin') return 'Manage people, keys, apps and everything else of this server';
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

/** @returns what a restricted group holds, in the words of the schema's own documentation where there are some */
function fieldsOf(sets: ReadonlyMap<string, Entity>, group: string): string[] {
  return [...sets.values()].flatMap(({ set, fields }) => {
    const names = [...fields.values()]
      .filter(field => field.restricted === group)
      .map(({ name, description }) => called(name, description));
    return names.length === 0 ? [] : [`the ${joinNames(names)} of ${plain(set)}`];
  });
}

/** A documentation that is a few words says it better than a name in camel case: "Purchase price." */
function called(name: string, description: string | undefined): string {
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
