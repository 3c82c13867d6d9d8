import { parseArgs } from 'node:util';
import { type DoorName, doors } from './workloads.ts';

export interface Options {
  /** PostgreSQL to measure on; a database of the bench's own is made beside the one it names. */
  readonly databaseUrl: string;
  /** Whether the caller named that database, rather than us trying the usual place. */
  readonly databaseGiven: boolean;
  readonly rounds: number;
  readonly seconds: number;
  /** Ids of the rows of the table to measure; all where empty. */
  readonly only: readonly string[];
  /** Whether the filter's value changes with every request. */
  readonly vary: boolean;
  readonly loader: 'wrk' | 'node' | undefined;
  readonly profile: DoorName | undefined;
}

export const usage = `npm run bench -- [options]
  --rounds 5          rounds of every door on every row of the table
  --seconds 2         length of a round
  --only id,id        rows of the table: filtered, thousand, one, nested, update, page
  --vary              another value in the filter of every request
  --loader wrk|node   what makes the load; wrk where it is installed
  --profile <door>    no table: load on one door (${doors.join(', ')}), then its hottest functions
DATABASE_URL names a PostgreSQL server where databases may be created.`;

/** @throws Error with the usage where an option is unknown or malformed */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const profile = values.profile as Options['profile'];
  if (profile !== undefined && !doors.includes(profile)) throw new Error(usage);
  const given = process.env.DATABASE_URL;
  return {
    databaseUrl: given || 'postgresql://postgres@127.0.0.1:5432/postgres',
    databaseGiven: Boolean(given),
    rounds: positive(values.rounds),
    seconds: positive(values.seconds),
    only: values.only ? values.only.split(',') : [],
    vary: values.vary,
    loader: values.loader as Options['loader'],
    profile,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '2' },
        only: { type: 'string' },
        vary: { type: 'boolean', default: false },
        loader: { type: 'string' },
        profile: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`);
  }
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(usage);
  return number;
}
