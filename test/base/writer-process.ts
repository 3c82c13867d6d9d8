// A process that writes until it is killed: `node writer-process.ts <first id> <DATA_DIR> [<DATABASE_URL>]`.
// Every transaction writes an id into two tables; when it is committed the id is printed.

import { pino } from 'pino';
import { openDatabase } from '../../src/base/database/open-database.ts';

const [first, dataDir = '', databaseUrl] = process.argv.slice(2);
const options = { dataDir, databaseUrl, databasePoolMax: 2, statementTimeoutMs: 0 };
const database = await openDatabase(options, pino({ level: 'silent' }));
process.stdout.write('open\n');
for (let id = Number(first); ; id++) {
  await database.transaction(async session => {
    await session.query('insert into written_left values ($1, repeat($2, 500))', [id, 'x']);
    await session.query('insert into written_right values ($1)', [id]);
  });
  process.stdout.write(`${id}\n`);
}
