// A plan's statement is run, and its rows are written as JSON text.

import type { Database, RawResult } from '../base/database.ts';
import { fault } from '../base/errors.ts';
import type { ReadAnswer } from './engine.ts';
import type { Plan } from './plan.ts';
import type { RowWriter } from './row-shape.ts';

/** @param name of the prepared statement, if it is to be one @throws Fault for what the values made impossible: division by zero */
export async function runPlan(
  database: Database,
  plan: Plan,
  name?: string,
  signal?: AbortSignal,
): Promise<ReadAnswer> {
  try {
    return answerOf(plan, await database.query(plan.text, plan.values, { name, signal }));
  } catch (error) {
    throw dataFault(error);
  }
}

function answerOf(plan: Plan, { rows }: RawResult): ReadAnswer {
  const count = plan.counted ? Number(rows[0]![0]) : undefined;
  if (!plan.writeRow) return { text: '[]', count, rows: 0, truncated: [] };
  const isEmpty = rows.length === 0 || (plan.counted && rows[0]![1] === null);
  const given = isEmpty ? 0 : Math.min(rows.length, plan.take);
  const truncated = new Set<string>();
  if (rows.length > plan.take) truncated.add('');
  const text = plan.splices.apply(writeRows(plan.writeRow, plan, rows, given), truncated);
  return { text, count, rows: given, truncated: [...truncated] };
}

function writeRows(write: RowWriter, plan: Plan, rows: RawResult['rows'], given: number): string {
  if (plan.cardinality === 'one') return given ? write(rows[0]!) : 'null';
  if (given === 0) return '[]';
  let text = `[${write(rows[0]!)}`;
  for (let index = 1; index < given; index++) text += `,${write(rows[index]!)}`;
  return `${text}]`;
}

/** PostgreSQL's error classes that the caller's values cause: 22 data exceptions, 54 limits of the server. */
function dataFault(error: unknown): unknown {
  const code = (error as { code?: unknown })?.code;
  if (typeof code !== 'string') return error;
  const message = (error as Error).message;
  if (code.startsWith('22'))
    return fault('INVALID_VALUE', `The database refuses a value: ${message}.`, { cause: error });
  if (code.startsWith('54'))
    return fault('LIMIT_EXCEEDED', `The query is too large: ${message}.`, { cause: error });
  return error;
}
