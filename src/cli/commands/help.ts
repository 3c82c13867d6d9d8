import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { didYouMean } from '../../base/near-name.ts';
import { pathOf } from '../terminal/explain.ts';
import { UsageFault } from '../terminal/usage-fault.ts';

/** Commander's own help command looks only one level deep. */
export const helpCommand = (program: CommandUnknownOpts) =>
  new Command('help')
    .description('Show the help of a command.')
    .argument('[COMMAND...]', 'The words of the command.')
    .action(words => words.reduce(findCommand, program).help());

function findCommand(parent: CommandUnknownOpts, word: string): CommandUnknownOpts {
  const found = parent.commands.find(command => command.name() === word);
  if (found) return found;
  const hint = didYouMean(
    word,
    parent.commands.map(command => command.name()),
  );
  throw new UsageFault(
    `Unknown command "${pathOf(parent)} ${word}".`,
    hint ?? `Run "${pathOf(parent)} --help" for usage.`,
  );
}
