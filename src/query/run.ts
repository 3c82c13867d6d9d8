// Runs a plan's statement and writes its rows as JSON text.

import type { RawResult, RawRow, Session } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { ReadAnswer, RowsAnswer } from './ask/read-answer.ts';
import { type Cell, cellsReader } from './plan/cells.ts';
import type { PageFacts } from './plan/connection.ts';
import type { HeadColumn } from './plan/head.ts';
import type { Plan } from './plan/plan.ts';
import type { RowWriter } from './plan/row-shape.ts';

/** What `runPlan` and the others need besides the plan. */
export interface RunOptions {
  /** The name of the prepared statement, if it should be one. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/** @throws Fault for values that the database rejects, such as division by zero */
export const runPlan = async (session: Session, plan: Plan, options: RunOptions): Promise<ReadAnswer> =>
  answerOf(plan, await rowsOf(session, plan, options));

/** Runs a list. @returns each row as JSON text @throws as `runPlan` */
export async function runRows(
  session: Session,
  plan: Plan,
  options: RunOptions,
): Promise<RowsAnswer<string>> {
  const { rows } = await rowsOf(session, plan, options);
  return pageOf(plan, rows, truncated => {
    const write = plan.writeRow!;
    if (plan.splices.isEmpty) return write;
    return row => plan.splices.apply(write(row), truncated);
  });
}

/** Runs a list. @returns each row as the values of its columns @throws as `runPlan` */
export async function runCells(
  session: Session,
  plan: Plan,
  options: RunOptions,
): Promise<RowsAnswer<Cell[]>> {
  const { rows } = await rowsOf(session, plan, options);
  return pageOf(plan, rows, truncated => {
    const read = cellsReader(plan.shape!);
    if (plan.splices.isEmpty) return read;
    return row => read(row).map(cell => (cell === null ? null : plan.splices.apply(cell, truncated)));
  });
}

async function rowsOf(session: Session, plan: Plan, { name, signal }: RunOptions): Promise<RawResult> {
  try {
    return await session.query(plan.text, plan.values, { name, signal });
  } catch (error) {
    throw dataFault(error);
  }
}

/** @param writer returns what writes a row, and adds the lists that were cut to a set */
function pageOf<Row>(
  plan: Plan,
  found: readonly RawRow[],
  writer: (truncated: Set<string>) => (row: RawRow) => Row,
): RowsAnswer<Row> {
  const truncated = new Set<string>();
  const write = writer(truncated);
  const rows = inOrder(plan, found, Math.min(found.length, plan.take)).slice(0, plan.take).map(write);
  return { rows, next: nextOf(plan, found, found.length), truncated: [...truncated] };
}

function answerOf(plan: Plan, { rows }: RawResult): ReadAnswer {
  const count = plan.counted ? Number(rows[0]![0]) : undefined;
  if (!plan.writeRow && !plan.page?.connection) return { text: '[]', count, rows: 0, truncated: [] };
  const head = plan.head?.length ?? 0;
  const isEmpty = rows.length === 0 || (head > 0 && (rows[0]![head] ?? null) === null);
  const found = isEmpty ? 0 : rows.length;
  const returned = Math.min(found, plan.take);
  const truncated = new Set<string>();
  if (found > plan.take && plan.page?.takeIsDefault !== false) truncated.add('');
  const written = plan.page?.connection
    ? plan.page.connection(factsOf(plan, rows, found, returned))
    : writeRows(plan.writeRow!, plan, inOrder(plan, rows, returned), returned);
  const text = plan.splices.apply(written, truncated);
  return { text, count, next: nextOf(plan, rows, found), rows: returned, truncated: [...truncated] };
}

/** A page from the end is read in reverse order. */
const inOrder = (plan: Plan, rows: readonly RawRow[], returned: number): readonly RawRow[] =>
  plan.page?.backward ? rows.slice(0, returned).reverse() : rows;

/** https://relay.dev/graphql/connections.htm#HasNextPage() */
function factsOf(plan: Plan, rows: readonly RawRow[], found: number, returned: number): PageFacts {
  const head = rows[0] ?? [];
  const exists = (column: HeadColumn) => head[plan.head!.indexOf(column)] === 't';
  const { backward } = plan.page!;
  const more = found > plan.take;
  return {
    rows: inOrder(plan, rows.slice(0, returned), returned),
    hasNextPage: (!backward && more) || exists('later'),
    hasPreviousPage: (backward && more) || exists('earlier'),
    head,
  };
}

function nextOf({ page, take }: Plan, rows: readonly RawRow[], found: number): string | undefined {
  if (!page?.next || found <= take || take === 0) return undefined;
  const left = page.left === undefined ? undefined : page.left - take;
  return left === 0 ? undefined : page.cursor!(rows[take - 1]!, left);
}

function writeRows(write: RowWriter, plan: Plan, rows: readonly RawRow[], returned: number): string {
  if (plan.cardinality === 'one') return returned ? write(rows[0]!) : 'null';
  if (returned === 0) return '[]';
  let text = `[${write(rows[0]!)}`;
  for (let index = 1; index < returned; index++) text += `,${write(rows[index]!)}`;
  return `${text}]`;
}

/** PostgreSQL error classes caused by the caller's values: 22 data exception, 54 program limit exceeded. */
function dataFault(error: unknown): unknown {
  const code = (error as { code?: unknown })?.code;
  if (typeof code !== 'string') return error;
  const message = (error as Error).message;
  if (code.startsWith('22'))
    return fault('INVALID_VALUE', `The database rejected a value: ${message}.`, { cause: error });
  if (code.startsWith('54'))
    return fault('LIMIT_EXCEEDED', `The query is too large: ${message}.`, { cause: error });
  return error;
}
