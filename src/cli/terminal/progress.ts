// One line that shows how far an upload is: bytes, rate, and the time that is left.

import type { Terminal } from './terminal.ts';

const everyMs = 100;
const barLength = 24;

/** @param total in bytes; undefined if it is not known @returns what to call with the bytes so far */
export function showProgress(
  { status }: Pick<Terminal, 'status'>,
  name: string,
  total: number | undefined,
): (done: number) => void {
  if (!status) return () => {};
  const started = performance.now();
  let shown = -everyMs;
  return done => {
    const now = performance.now();
    if (now - shown < everyMs && done !== total) return;
    shown = now;
    status(progressLine(name, { done, total, seconds: (now - started) / 1_000 }));
  };
}

interface Progress {
  readonly done: number;
  readonly total: number | undefined;
  readonly seconds: number;
}

/** @returns `products.csv  [######------------------]  25 %  2.5 of 10.0 MB  1.2 MB/s  6 s left` */
export function progressLine(name: string, { done, total, seconds }: Progress): string {
  const rate = done / Math.max(seconds, 0.001);
  if (total === undefined) return `${name}  ${megabytes(done)} MB  ${megabytes(rate)} MB/s`;
  if (done >= total) return `${name}  ${megabytes(total)} MB sent. The server is importing it.`;
  const share = done / total;
  const filled = Math.floor(share * barLength);
  const bar = '#'.repeat(filled) + '-'.repeat(barLength - filled);
  const left = rate > 0 ? `  ${duration((total - done) / rate)} left` : '';
  return `${name}  [${bar}]  ${Math.floor(share * 100)} %  ${megabytes(done)} of ${megabytes(total)} MB  ${megabytes(rate)} MB/s${left}`;
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);

const duration = (seconds: number): string =>
  seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
