import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runPortolan } from '../../src/cli/run-portolan.ts';
import type { TestServer } from '../harness.ts';

export interface Outcome {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

export interface RunOptions {
  readonly status?: (line: string) => void;
  /** Aborted: the user presses Ctrl+C. */
  readonly signal?: AbortSignal;
}

/** Runs the command in this process. @param line what is typed, split at blanks; quotes keep words together */
export async function portolan(
  line: string | readonly string[],
  env: Record<string, string> = {},
  { status, signal }: RunOptions = {},
): Promise<Outcome> {
  const [out, err]: string[][] = [[], []];
  const args =
    typeof line === 'string'
      ? [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
      : line;
  const code = await runPortolan(args, {
    env,
    print: text => void out!.push(text),
    say: text => void err!.push(text),
    status,
    stopped: signal && (() => signal),
  });
  return { code, out: out!.join('\n'), err: err!.join('\n') };
}

/** Puts a test server on a port. @returns the variables that lead the command to it */
export async function onPort({ app, adminKey }: TestServer) {
  const http = createServer(app.listener);
  await new Promise<void>(resolve => void http.listen(0, '127.0.0.1', resolve));
  const env = {
    PORTOLAN_URL: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    PORTOLAN_API_KEY: adminKey,
  };
  return { env, close: () => void http.close() };
}
