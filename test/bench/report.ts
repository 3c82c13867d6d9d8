import type { LoadResult } from './load.ts';
import { type DoorName, doorTitles, type Workload } from './workloads.ts';

/** Results of the rounds, door by door; round i of every door ran within the same few seconds. */
export type Rounds = ReadonlyMap<DoorName, readonly LoadResult[]>;

const header = ['', 'req/s', 'ratio', 'p99 ms', 'CPU ms', 'CPU ratio', 'budget'];

/** @returns one row of the table with a line for each door; `-` for a door that does not serve it */
export function report(workload: Workload, rounds: Rounds, asked: readonly DoorName[]): string {
  const lines = asked.map(door => toLine(workload, door, rounds));
  return `${workload.title}\n${[header, ...lines].map(format).join('\n')}\n`;
}

function toLine(workload: Workload, door: DoorName, rounds: Rounds): string[] {
  const results = rounds.get(door);
  const floor = rounds.get('l0');
  if (!results) return [doorTitles[door], ...Array<string>(header.length - 1).fill('-')];
  const rate = ratio(results, floor, result => result.requestsPerSecond);
  const cpu = ratio(results, floor, result => result.cpuMsPerRequest);
  return [
    doorTitles[door],
    median(results.map(result => result.requestsPerSecond)).toFixed(0),
    rate?.toFixed(2) ?? '',
    median(results.map(result => result.p99Ms)).toFixed(1),
    median(results.map(result => result.cpuMsPerRequest)).toFixed(3),
    cpu?.toFixed(2) ?? '',
    verdict(workload, door, rate, cpu),
  ];
}

/** Rounds are compared in pairs, so that a machine that slows down in the meantime slows both. */
function ratio(
  results: readonly LoadResult[],
  floor: readonly LoadResult[] | undefined,
  pick: (result: LoadResult) => number,
): number | undefined {
  if (!floor || results === floor) return undefined;
  return median(results.map((result, at) => pick(result) / pick(floor[at]!)));
}

function verdict(
  workload: Workload,
  door: DoorName,
  rate: number | undefined,
  cpu: number | undefined,
): string {
  const budget = workload.budget[door];
  if (budget === undefined || rate === undefined || cpu === undefined) return '';
  const kept = workload.measure === 'rate' ? rate >= budget : cpu <= budget;
  const asked = workload.measure === 'rate' ? `>= ${budget.toFixed(2)}` : `CPU <= ${budget.toFixed(1)}`;
  return `${asked} ${kept ? 'kept' : 'MISSED'}`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const format = ([door = '', ...cells]: readonly string[]): string =>
  `  ${door.padEnd(10)}${cells.map((cell, at) => (at === cells.length - 1 ? `   ${cell}` : cell.padStart(10))).join('')}`.trimEnd();
