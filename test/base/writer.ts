import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from '../test-database.ts';

const script = fileURLToPath(new URL('writer-process.ts', import.meta.url));

/** A process that writes to a test's database, which must not be open here if it is embedded. */
export class Writer {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  private output = '';

  constructor(first: number, { DATA_DIR, DATABASE_URL }: TestDatabase['env']) {
    const words = [script, String(first), DATA_DIR, ...(DATABASE_URL ? [DATABASE_URL] : [])];
    this.process = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process.stdout.setEncoding('utf8').on('data', text => {
      this.output += text;
    });
  }

  /** What it printed so far in whole lines: `open`, then the ids that were committed. */
  get lines(): string[] {
    return this.output.split('\n').slice(0, -1);
  }

  /** Waits until it has printed so many lines. */
  async printed(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (this.process.exitCode !== null)
        throw new Error(`The writer ended with code ${this.process.exitCode}`);
      await once(this.process.stdout, 'data');
    }
  }

  async kill(): Promise<void> {
    const closed = once(this.process, 'close');
    this.process.kill('SIGKILL');
    await closed;
  }
}
