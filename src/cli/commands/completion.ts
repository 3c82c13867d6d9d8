import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { completionScripts, shells } from '../completion/scripts.ts';
import { suggest } from '../completion/suggest.ts';
import { newCommand } from '../terminal/new-command.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const completionCommand = (terminal: Terminal) =>
  newCommand('completion', {
    summary: 'Print a completion script for your shell.',
    description: 'The command "portolan" has to be in your PATH.',
    examples: [
      "echo 'source <(portolan completion bash)' >> ~/.bashrc",
      "echo 'source <(portolan completion zsh)' >> ~/.zshrc    # after compinit",
      'portolan completion fish > ~/.config/fish/completions/portolan.fish',
    ],
  })
    .addArgument(new Argument('<SHELL>', 'The shell.').choices(shells))
    .action(shell => terminal.print(completionScripts[shell]));

/** What the completion scripts call. */
export const completeCommand = (terminal: Terminal, program: CommandUnknownOpts) =>
  new Command('complete').argument('[WORDS...]').action(words => {
    for (const { word, description } of suggest(program, words)) terminal.print(`${word}\t${description}`);
  });
