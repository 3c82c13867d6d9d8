// npm run bench: every door beside L0, on the same PostgreSQL, in the same minutes. What is measured: DESIGN.md, section 7.

import { readdirSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { checkSameRows, whyNotServed } from './check.ts';
import { createLoader, type Loader, type LoadResult } from './load.ts';
import { readOptions } from './options.ts';
import type { Server } from './processes.ts';
import { profileTop, type Span } from './profile-top.ts';
import { report } from './report.ts';
import { type Bench, setUp } from './set-up.ts';
import {
  type BenchRequest,
  type DoorName,
  doors,
  doorTitles,
  type Workload,
  workloads,
} from './workloads.ts';

const warmUpSeconds = 1;
/** Different requests where they vary: more than any cache of whole requests holds. */
const variants = 5_000;

const options = readOptions(process.argv.slice(2));
const chosen = workloads.filter(({ id }) => options.only.length === 0 || options.only.includes(id));
const bench = await setUp(options);
let profiled: Span | undefined;
warnWhenBusy();
try {
  const load = createLoader(options.loader, bench.folder);
  if (options.profile) profiled = await profile(options.profile, load);
  else for (const workload of chosen) await measure(workload, load);
} finally {
  await bench.close();
}
if (profiled) showProfile(bench, profiled);

/** Processor time is hardly touched by what else the machine does; rates and their ratios are. */
function warnWhenBusy(): void {
  const load = loadavg()[0]!;
  if (load < availableParallelism()) return;
  console.log(`The machine is busy (load ${load.toFixed(1)}): trust the CPU columns, and not the rates.\n`);
}

async function measure(workload: Workload, load: Loader): Promise<void> {
  const asked = doors.filter(door => door !== 'l0' || bench.l0).filter(door => workload.requests[door]);
  const { served, refusals } = await whoServes(workload, asked);
  if (!workload.alwaysVaries) for (const n of [0, 7]) await checkSameRows(workload, served, n);
  const comparable = served.size > 1 || !bench.l0;
  const rounds = comparable ? await interleave(workload, served, load) : new Map<DoorName, LoadResult[]>();
  console.log(
    report(
      workload,
      rounds,
      doors.filter(door => door !== 'l0' || bench.l0),
    ),
  );
  for (const [door, reason] of refusals) console.log(`  ${doorTitles[door]}: ${reason}`);
  if (refusals.size > 0) console.log();
}

async function whoServes(workload: Workload, asked: readonly DoorName[]) {
  const served = new Map<DoorName, Server>();
  const refusals = new Map<DoorName, string>();
  for (const door of asked) {
    const server = door === 'l0' ? bench.l0! : bench.ours;
    const refusal = await whyNotServed(server, workload.requests[door]!(0));
    if (refusal) refusals.set(door, refusal);
    else served.set(door, server);
  }
  return { served, refusals };
}

/** One round of every door after the other, so that whatever else the machine does falls on all of them. */
async function interleave(
  workload: Workload,
  served: ReadonlyMap<DoorName, Server>,
  load: Loader,
): Promise<Map<DoorName, LoadResult[]>> {
  const rounds = new Map([...served.keys()].map(door => [door, [] as LoadResult[]]));
  for (let round = -1; round < options.rounds; round++) {
    for (const [door, server] of served) {
      const seconds = round < 0 ? warmUpSeconds : options.seconds;
      const result = await load({ server, requests: requestsOf(workload, door), seconds });
      if (round >= 0) rounds.get(door)!.push(result);
    }
  }
  return rounds;
}

function requestsOf(workload: Workload, door: DoorName): BenchRequest[] {
  const count = options.vary || workload.alwaysVaries ? variants : 1;
  return Array.from({ length: count }, (_, n) => workload.requests[door]!(n));
}

/** @returns when the load ran: the start of the server and its warming up do not count */
async function profile(door: DoorName, load: Loader): Promise<Span> {
  const served = chosen.filter(workload => workload.requests[door]);
  const server = door === 'l0' ? bench.l0 : bench.ours;
  if (!server) throw new Error('L0 needs PostgreSQL');
  const runAll = async (seconds: number): Promise<void> => {
    for (const workload of served) await load({ server, requests: requestsOf(workload, door), seconds });
  };
  await runAll(warmUpSeconds);
  const from = nowMicroseconds();
  await runAll((options.rounds * options.seconds) / served.length);
  return { from, to: nowMicroseconds() };
}

function nowMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Node writes the profile when it ends. */
function showProfile({ folder }: Bench, span: Span): void {
  const [name] = readdirSync(folder).filter(file => file.endsWith('.cpuprofile'));
  if (!name) throw new Error(`The server left no profile in ${folder}`);
  console.log(`${profileTop(join(folder, name), span)}\n${join(folder, name)}`);
}
