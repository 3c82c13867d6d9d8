import { runPortolan } from '../../src/cli/run-portolan.ts';

export interface Outcome {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** Runs the command in this process. @param line what is typed, split at blanks; quotes keep words together */
export async function portolan(line: string, env: Record<string, string> = {}): Promise<Outcome> {
  const [out, err]: string[][] = [[], []];
  const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const code = await runPortolan(args, {
    env,
    print: text => void out!.push(text),
    say: text => void err!.push(text),
  });
  return { code, out: out!.join('\n'), err: err!.join('\n') };
}
