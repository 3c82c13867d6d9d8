import { createProgram, isAnswer } from './program.ts';
import { explain } from './terminal/explain.ts';
import type { Terminal } from './terminal/terminal.ts';

/** @param args the arguments after `portolan` @returns the exit code: 0 success, 1 failure, 2 wrong usage */
export async function runPortolan(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const program = createProgram(terminal);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return isAnswer(error) ? 0 : explain(error, terminal);
  }
}
