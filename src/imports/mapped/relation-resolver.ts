// Keys of related records -> the values that refer to them, a batch of rows at a time. Missing records are created, if the
// mapper says so.

import type { Principal } from '../../base/principal.ts';
import type { ColumnField } from '../../catalog/catalog.ts';
import { slug } from '../../mappers/transforms/text.ts';
import type { BulkSession, BulkUpsert, Engine, KeyFinder } from '../../query/engine.ts';
import { type CellFault, cellFault, isFault } from '../convert/cell-fault.ts';
import { keyConverter } from '../convert/key.ts';
import type { ReadyRow } from '../rows/convert-row.ts';
import type { FaultList } from '../rows/fault-list.ts';
import { type RelationColumn, statedValue } from './plan.ts';

export interface ResolverDeps {
  readonly engine: Pick<Engine, 'openUpsert' | 'keyFinder'>;
  readonly principal: Principal;
  readonly on: BulkSession;
  readonly faults: FaultList;
}

/** What refers to a record, or why it cannot be referred to. */
type Resolved = string | CellFault;

export class RelationResolver {
  readonly #relations: readonly Relation[];
  readonly #faults: FaultList;

  private constructor(relations: readonly Relation[], faults: FaultList) {
    this.#relations = relations;
    this.#faults = faults;
  }

  static async open(columns: readonly RelationColumn[], deps: ResolverDeps): Promise<RelationResolver> {
    const relations: Relation[] = [];
    for (const column of columns) relations.push(await Relation.open(column, deps));
    return new RelationResolver(relations, deps.faults);
  }

  /** Records that were created. */
  get created(): number {
    return this.#relations.reduce((sum, relation) => sum + relation.created, 0);
  }

  /** @returns the rows whose related records all exist; the others are added to the list of faults */
  async resolve(rows: readonly ReadyRow[]): Promise<readonly ReadyRow[]> {
    if (this.#relations.length === 0) return rows;
    for (const relation of this.#relations)
      await relation.load(rows.flatMap(({ values }) => values[relation.place] ?? []));
    return rows.flatMap(row => this.#resolved(row) ?? []);
  }

  #resolved(row: ReadyRow): ReadyRow | undefined {
    const values = [...row.values];
    const faults: (CellFault & { fields: readonly string[] })[] = [];
    for (const { place, field, known } of this.#relations) {
      const key = values[place];
      if (key === null || key === undefined) continue;
      const found = known.get(key)!;
      if (isFault(found)) faults.push({ ...found, fields: [field] });
      else values[place] = found;
    }
    if (faults.length === 0) return { ...row, values };
    this.#faults.add(row.source, faults);
    return undefined;
  }
}

/** Values are kept for as many keys: the rows of a file repeat few of them. */
const knownMax = 100_000;
const levelsMax = 10;

/** One relation of the rows, and the records at its other end that were met. */
class Relation {
  readonly place: number;
  readonly field: string;
  /** By the value of the row: a key, or a path as JSON. */
  known = new Map<string, Resolved>();
  created = 0;
  readonly #target: RelationColumn['target'];
  readonly #find: KeyFinder;
  readonly #upsert: BulkUpsert | undefined;
  readonly #fields: readonly string[];
  readonly #toKey: (text: string) => Resolved;

  private constructor(
    column: RelationColumn,
    find: KeyFinder,
    upsert: BulkUpsert | undefined,
    fields: readonly string[],
  ) {
    this.place = column.place;
    this.field = column.target.stored.name;
    this.#target = column.target;
    this.#find = find;
    this.#upsert = upsert;
    this.#fields = fields;
    this.#toKey = keyConverter(column.target.key);
  }

  static async open(column: RelationColumn, { engine, principal, on }: ResolverDeps): Promise<Relation> {
    const { target, key, referred, create } = column.target;
    const find = engine.keyFinder(target, { key, value: referred }, principal, on);
    const fields = createdFields(column.target);
    const shape = { entity: target.name, match: [key.name], mode: 'upsert' as const, fields };
    return new Relation(column, find, create && (await engine.openUpsert(shape, principal, on)), fields);
  }

  /** Finds or creates the records of these values. */
  async load(values: readonly string[]): Promise<void> {
    if (this.known.size > knownMax) this.known = new Map();
    const missing = [...new Set(values)].filter(value => !this.known.has(value));
    if (missing.length === 0) return;
    if (this.#target.kind === 'tree') return this.#loadPaths(missing);
    const found = await this.#findOrCreate(missing.map(key => ({ key, label: key })));
    for (const key of missing) this.known.set(key, found.get(key)!);
  }

  /** Level by level, so that each level knows the one above. */
  async #loadPaths(values: readonly string[]): Promise<void> {
    const paths = values.map(value => ({
      value,
      labels: JSON.parse(value) as string[],
      above: undefined as Resolved | undefined,
    }));
    for (const path of paths) if (path.labels.length > levelsMax) path.above = tooDeep;
    const depth = Math.min(levelsMax, Math.max(...paths.map(({ labels }) => labels.length)));
    for (let level = 1; level <= depth; level++) {
      const here = paths.filter(({ labels, above }) => labels.length >= level && !(above && isFault(above)));
      const nodes = here.map(({ labels, above }) =>
        this.#node(labels.slice(0, level), above as string | undefined),
      );
      const found = await this.#findOrCreate(nodes.filter(node => 'key' in node));
      for (const [place, path] of here.entries()) {
        const node = nodes[place]!;
        path.above = 'key' in node ? found.get(node.key)! : node;
      }
    }
    for (const { value, above } of paths) this.known.set(value, above!);
  }

  #node(labels: readonly string[], parent: string | undefined): Node | CellFault {
    const label = labels.at(-1)!;
    const text = this.#target.kind === 'tree' && this.#target.keyOf === 'label' ? label : labels.join(' ');
    const key = this.#toKey(slug(text) as string);
    if (isFault(key)) return key;
    return key === ''
      ? cellFault('INVALID_VALUE', `"${label.slice(0, 40)}" has no letters for a key.`)
      : { key, label, parent };
  }

  async #findOrCreate(nodes: readonly Node[]): Promise<ReadonlyMap<string, Resolved>> {
    const byKey = new Map(nodes.map(node => [node.key, node]));
    const found = new Map<string, Resolved>(await this.#find([...byKey.keys()]));
    const missing = [...byKey.values()].filter(({ key }) => !found.has(key));
    if (missing.length === 0) return found;
    if (!this.#upsert) {
      for (const { key } of missing) found.set(key, this.#noSuchRecord(key));
      return found;
    }
    return new Map([...found, ...(await this.#create(this.#upsert, missing))]);
  }

  async #create(upsert: BulkUpsert, nodes: readonly Node[]): Promise<Map<string, Resolved>> {
    const rows = nodes.map(node => this.#fields.map(name => this.#createdValue(name, node)));
    const { inserted, refusals } = await upsert.write({ fields: this.#fields, rows });
    this.created += inserted;
    const made = new Map<string, Resolved>(await this.#find(nodes.map(({ key }) => key)));
    for (const { rows: refused, code, message } of refusals)
      for (const place of refused) made.set(nodes[place]!.key, cellFault(code, message));
    for (const { key } of nodes) if (!made.has(key)) made.set(key, this.#noSuchRecord(key));
    return made;
  }

  #createdValue(name: string, { key, label, parent }: Node): string | null {
    const target = this.#target;
    if (name === target.key.name) return key;
    if (target.kind === 'tree' && name === target.parentStored.name) return parent ?? null;
    const stated = target.create?.[name];
    if (stated === undefined) return label;
    return statedValue(target.target, name, stated.replaceAll('{key}', key).replaceAll('{label}', label));
  }

  #noSuchRecord(key: string): CellFault {
    const { target, key: field } = this.#target;
    return cellFault(
      'NO_SUCH_REFERENCE',
      `There is no record of ${target.set} with the ${field.name} "${key.slice(0, 80)}".`,
    );
  }
}

interface Node {
  readonly key: string;
  readonly label: string;
  /** What refers to the record above. */
  readonly parent?: string;
}

const tooDeep = cellFault('OUT_OF_RANGE', `A path has at most ${levelsMax} levels.`);

function createdFields(target: RelationColumn['target']): string[] {
  const tree: ColumnField[] = target.kind === 'tree' ? [target.label, target.parentStored] : [];
  const names = [target.key.name, ...tree.map(({ name }) => name), ...Object.keys(target.create ?? {})];
  return [...new Set(names)];
}
