// The errors in the rows of imports, with the rows as they were in the file.

import type { Database, Session } from '../../base/database/database.ts';
import type { RowFault } from '../rows/fault-list.ts';

export interface RowAtFault {
  readonly cells: readonly string[];
  /** At least one. */
  readonly faults: readonly RowFault[];
}

const addText = `
INSERT INTO "portolan"."import_error" ("importId", "row", "number", "line", "column", "value", "code", "message", "cells")
SELECT $1, "row", "number", "line", "column", "value", "code", "message", coalesce("cells", '{}')
FROM jsonb_to_recordset($2::jsonb) AS e("row" int, "number" int, "line" int, "column" text, "value" text, "code" text,
  "message" text, "cells" text[])
ON CONFLICT DO NOTHING`;

export async function addErrors(session: Session, id: string, rows: readonly RowAtFault[]): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.flatMap(({ cells, faults }) =>
    faults.map((one, number) => ({ ...one, number, cells: number === 0 ? cells.map(withoutNul) : [] })),
  );
  await session.query(addText, [id, JSON.stringify(records)]);
}

/** No text in PostgreSQL contains it. */
const withoutNul = (cell: string): string => cell.replaceAll('\0', '');

/** @returns the first errors of an import */
export async function firstErrors(session: Session, id: string, take: number): Promise<RowFault[]> {
  const { rows } = await session.query(
    `SELECT json_build_object('row', "row", 'line', "line", 'column', "column", 'value', "value", 'code', "code", 'message', "message")
FROM "portolan"."import_error" WHERE "importId" = $1::uuid ORDER BY "row", "number" LIMIT $2`,
    [id, take],
  );
  return rows.map(([text]) => JSON.parse(text!) as RowFault);
}

/** Rows that are read at a time. */
const pageRows = 200;

const pageText = `
SELECT "row", json_agg(json_build_object('row', "row", 'line', "line", 'column', "column", 'value', "value", 'code', "code",
  'message', "message") ORDER BY "number"), json_agg("cells" ORDER BY "number")->0
FROM "portolan"."import_error" WHERE "importId" = $1::uuid AND "row" > $2
GROUP BY "row" ORDER BY "row" LIMIT ${pageRows}`;

/** @returns the rows at fault in the order of the file */
export async function* readErrors(database: Database, id: string): AsyncGenerator<RowAtFault> {
  for (let after = 0; ; ) {
    const { rows } = await database.query(pageText, [id, after]);
    for (const [, faults, cells] of rows) {
      yield { faults: JSON.parse(faults!), cells: JSON.parse(cells!) };
    }
    if (rows.length < pageRows) return;
    after = Number(rows.at(-1)![0]);
  }
}

/** @returns the header of the file */
export async function readHeader(session: Session, id: string): Promise<string[]> {
  const { rows } = await session.query(
    'SELECT to_json("header") FROM "portolan"."import" WHERE "id" = $1::uuid',
    [id],
  );
  return JSON.parse(rows[0]![0]!) as string[];
}
