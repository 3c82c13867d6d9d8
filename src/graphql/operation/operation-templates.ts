// Operations that differ only in the values of conditions are prepared once: later ones reuse the plans with their own
// values.

import { type DocumentNode, Kind } from 'graphql';
import { rebind, slotNames } from '../../query/plan/rebind.ts';
import type { OperationRequest, PreparedOperation, PreparedRoot } from './prepared-operation.ts';
import { isWhole } from './run-operation.ts';

type Values = Readonly<Record<string, unknown>>;

interface Template {
  readonly operation: PreparedOperation;
  /** Places in the values of the variables that may vary: `where.stock.gt`. */
  readonly free: ReadonlySet<string>;
  /** The variables that the operation was prepared with. */
  readonly values: Values;
  readonly count: number;
}

/** The templates of one document for callers with the same scopes. */
interface Known {
  templates: readonly Template[];
  /** How many were learnt since one was last used. */
  wasted: number;
}

/** Per document: the number of different caller scopes, and of different values of the variables that shape the plan. */
const callersMax = 50;
const templatesMax = 4;
/** Learning stops after this many unused templates. */
const wastedMax = 8;

export class OperationTemplates {
  readonly #known = new WeakMap<DocumentNode, Map<string, Known>>();

  /** @param values coerced variables, and the literals lifted out of the document */
  find(request: OperationRequest, values: Values): PreparedOperation | undefined {
    const known = this.#known.get(request.document)?.get(callerOf(request));
    const template = known?.templates.find(one => fits(one, values));
    if (!known || !template) return undefined;
    known.wasted = 0;
    return withValues(template, values);
  }

  learn(request: OperationRequest, values: Values, operation: PreparedOperation): void {
    if (!isWhole(operation)) return;
    const known = this.#knownOf(request);
    if (known.wasted >= wastedMax) return;
    known.wasted += 1;
    const free = freePlaces(request.document, operation, values);
    if (free.size === 0) return;
    const template = { operation, free, values, count: Object.keys(values).length };
    if (isFaithful(template)) known.templates = [template, ...known.templates.slice(0, templatesMax - 1)];
  }

  #knownOf(request: OperationRequest): Known {
    const callers = this.#known.get(request.document) ?? new Map<string, Known>();
    this.#known.set(request.document, callers);
    const caller = callerOf(request);
    const known = callers.get(caller) ?? { templates: [], wasted: 0 };
    if (!callers.has(caller) && callers.size >= callersMax) callers.clear();
    callers.set(caller, known);
    return known;
  }
}

const callerOf = ({ principal, format, operationName }: OperationRequest): string =>
  `${format} ${operationName ?? ''} ${principal.scopeKey}`;

function fits({ free, values: own, count }: Template, values: Values): boolean {
  let found = 0;
  for (const name in values) {
    found += 1;
    if (!(name in own && isSame(own[name], values[name], name, free))) return false;
  }
  return found === count;
}

function isSame(a: unknown, b: unknown, place: string, free: ReadonlySet<string>): boolean {
  if (free.has(place)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  // The order of the fields determines the order of the conditions.
  const names = Object.keys(a);
  const others = Object.keys(b);
  return (
    names.length === others.length &&
    names.every(
      (name, index) =>
        name === others[index] && isSame((a as Values)[name], (b as Values)[name], `${place}.${name}`, free),
    )
  );
}

function withValues({ operation }: Template, values: Values): PreparedOperation | undefined {
  const roots: PreparedRoot[] = [];
  for (const root of operation.roots) {
    if (root.kind !== 'read') {
      roots.push(root);
      continue;
    }
    const read = rebind(root.read, place => valueAt(values, place));
    if (!read) return undefined;
    roots.push({ ...root, read });
  }
  return { ...operation, roots };
}

function valueAt(values: Values, place: string): unknown {
  if (!place.includes('.')) return values[place];
  let value: unknown = values;
  for (const name of place.split('.')) value = (value as Values | null | undefined)?.[name];
  return value;
}

/** @returns places that the document uses only as values of the SQL statements */
function freePlaces(document: DocumentNode, { roots }: PreparedOperation, values: Values): Set<string> {
  const placed = counted(roots.flatMap(root => (root.kind === 'read' ? slotNames(root.read) : [])));
  if (placed.size === 0) return new Set();
  const used = counted(variablesIn(document.definitions));
  const isFree = ([place, count]: [string, number]) =>
    count === used.get(place.split('.', 1)[0]!) && typeof valueAt(values, place) !== 'object';
  return new Set([...placed].filter(isFree).map(([place]) => place));
}

function counted(names: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function* variablesIn(node: unknown): Iterable<string> {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) yield* variablesIn(item);
    return;
  }
  const { kind, name } = node as { kind?: string; name?: { value: string } };
  if (kind === Kind.VARIABLE_DEFINITION) return;
  if (kind === Kind.VARIABLE) yield name!.value;
  for (const [key, inner] of Object.entries(node)) if (key !== 'loc') yield* variablesIn(inner);
}

/** Rebinding the original values must reproduce the original plans; otherwise planning has transformed a value. */
function isFaithful(template: Template): boolean {
  const again = withValues(template, template.values);
  return template.operation.roots.every((root, index) => {
    const other = again?.roots[index];
    if (root.kind !== 'read' || other?.kind !== 'read') return root.kind === other?.kind;
    const before = root.read.plan.values;
    const after = other.read.plan.values;
    return before.every((value, place) => Object.is(value, after[place]));
  });
}
