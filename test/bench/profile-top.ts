// What a .cpuprofile says, in one screen: node test/bench/profile-top.ts <file>

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds. */
  readonly endTime: number;
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** Microseconds of the clock that `process.hrtime` reads, which is the profiler's too. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const shown = 25;

/**
 * @returns in per cent of the time not idle: the functions, then the files and packages, that took most time of their
 * own, then our own functions together with all that they call, up to where they wait
 */
export function profileTop(file: string, span?: Span): string {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile;
  const times = selfTimes(profile, span ?? { from: profile.startTime, to: profile.endTime });
  const nodes = profile.nodes.map(node => [node, times.get(node.id) ?? 0] as const);
  const busy = nodes.filter(([node]) => node.callFrame.functionName !== '(idle)');
  const total = busy.reduce((sum, [, time]) => sum + time, 0);
  return [
    ['functions', top(sumByName(busy, functionName), total)],
    ['files and packages', top(sumByName(busy, placeName), total)],
    ['with all that they call', top(wholeTimes(profile, times), total)],
  ]
    .map(([title, lines]) => `${title}\n${lines}\n`)
    .join('\n');
}

/** @returns microseconds by the id of a node */
function selfTimes(profile: Profile, { from, to }: Span): Map<number, number> {
  const times = new Map<number, number>();
  let now = profile.startTime;
  for (const [at, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[at]!;
    now += delta;
    if (now >= from && now <= to) times.set(id, (times.get(id) ?? 0) + delta);
  }
  return times;
}

function sumByName(
  nodes: readonly (readonly [ProfileNode, number])[],
  nameOf: (node: ProfileNode) => string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [node, time] of nodes) add(sums, nameOf(node), time);
  return sums;
}

/** A function that calls itself, however indirectly, is counted once. */
function wholeTimes(profile: Profile, times: ReadonlyMap<number, number>): Map<string, number> {
  const nodes = new Map(profile.nodes.map(node => [node.id, node]));
  const sums = new Map<string, number>();
  const visit = (node: ProfileNode, above: ReadonlySet<string>): void => {
    const own = fileName(node).startsWith('src/') ? functionName(node) : undefined;
    const names = own === undefined || above.has(own) ? above : new Set([...above, own]);
    for (const name of names) add(sums, name, times.get(node.id) ?? 0);
    for (const child of node.children ?? []) visit(nodes.get(child)!, names);
  };
  visit(profile.nodes[0]!, new Set());
  return sums;
}

const add = (sums: Map<string, number>, name: string, time: number) =>
  sums.set(name, (sums.get(name) ?? 0) + time);

const top = (sums: ReadonlyMap<string, number>, total: number): string =>
  [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, shown)
    .map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${name}`)
    .join('\n');

function functionName(node: ProfileNode): string {
  const { functionName: name, lineNumber } = node.callFrame;
  const place = placeName(node);
  return place === name ? name : `${name || '(anonymous)'}  ${fileName(node)}:${lineNumber + 1}`;
}

/** @returns our own file, the name of a package, or `node` */
function placeName(node: ProfileNode): string {
  const name = fileName(node);
  const [, dependency] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name) ?? [];
  if (dependency) return dependency;
  return name.startsWith('node:') ? 'node' : name || node.callFrame.functionName;
}

function fileName(node: ProfileNode): string {
  const { url } = node.callFrame;
  return url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
}

if (import.meta.main) {
  const [, , file] = process.argv;
  if (!file) throw new Error('Which .cpuprofile?');
  console.log(profileTop(file));
}
