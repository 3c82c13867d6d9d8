// Finds up to which id the log of an entity is final. Ids become visible in the order of commits, not in their own: a reader
// must not pass an id that is not visible yet.

import type { Session } from '../base/database/database.ts';
import type { Entity } from '../catalog/catalog.ts';
import { identifier } from '../query/sql/text.ts';
import { linkTables } from './log-links.ts';

/** The last id at some moment, and the open transactions that may have taken ids up to it. */
interface Mark {
  readonly last: bigint;
  readonly writers: readonly string[];
}

export interface Reach {
  /**
   * The id up to which a statement that begins afterwards sees every change that there will ever be; undefined while the
   * transactions that were writing at the first look are open.
   */
  readonly final: bigint | undefined;
  /** The last id that was assigned. */
  readonly last: bigint;
  /** Whether ids may become final without new writes. */
  readonly pending: boolean;
}

interface Known {
  final: bigint | undefined;
  /** Oldest first. */
  marks: Mark[];
}

const marksMax = 100;

export class ChangeHorizon {
  readonly #known = new Map<string, Known>();

  /**
   * Finds the transactions that are writing to the entities' tables. A writer takes its lock before it takes ids, and holds it
   * until its rows are visible. So an id is final when every transaction that held a lock after the id was assigned has ended.
   * @returns each log's reach, by the entity's name
   */
  async look(session: Session, entities: readonly Entity[]): Promise<ReadonlyMap<string, Reach>> {
    const tables = entities.map(entity => [entity.table, ...linkTables(entity)]);
    const { last, writers } = await readWriters(session, tables.flat());
    return new Map(
      entities.map((entity, index) => {
        const now = tables[index]!.flatMap(table => writers.get(table) ?? []);
        return [entity.name, this.#settle(entity.name, last, now)];
      }),
    );
  }

  /** Drops the state of an entity: it becomes outdated without looks. */
  forget(entity: string): void {
    this.#known.delete(entity);
  }

  #settle(entity: string, last: bigint, writers: readonly string[]): Reach {
    const known = this.#known.get(entity) ?? { final: undefined, marks: [] };
    this.#known.set(entity, known);
    known.marks = known.marks.map(mark => ({
      last: mark.last,
      writers: mark.writers.filter(writer => writers.includes(writer)),
    }));
    while (known.marks[0]?.writers.length === 0) known.final = known.marks.shift()!.last;
    if (writers.length === 0) known.final = last;
    else remember(known.marks, { last, writers });
    return { final: known.final, last, pending: known.marks.length > 0 };
  }
}

function remember(marks: Mark[], mark: Mark): void {
  const newest = marks.at(-1);
  if (newest?.last === mark.last) return;
  if (!newest || marks.length < marksMax) marks.push(mark);
  else marks[marks.length - 1] = { last: mark.last, writers: [...newest.writers, ...mark.writers] };
}

/** @returns the last id, and by table the transactions that were writing to it after the id was read */
async function readWriters(
  session: Session,
  tables: readonly string[],
): Promise<{ last: bigint; writers: Map<string, string[]> }> {
  const { rows } = await session.query(
    `SELECT w.last, array_to_json(w.writers), array_to_json(o.oids::text[])
     FROM (SELECT $1::text[]::regclass[]::oid[] AS oids) o, LATERAL portolan.change_writers(o.oids) w`,
    [tables.map(identifier)],
    { name: 'change_writers' },
  );
  const [last, writing, oids] = rows[0]!;
  const byOid = Map.groupBy(JSON.parse(writing!) as string[], writer => writer.split(' ', 1)[0]!);
  const names = JSON.parse(oids!) as string[];
  return {
    last: BigInt(last!),
    writers: new Map(tables.map((table, index) => [table, byOid.get(names[index]!) ?? []])),
  };
}
