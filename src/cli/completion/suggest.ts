// What can follow the words that have been typed. Nothing can follow: the shell offers file names.

import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';

export interface Suggestion {
  readonly word: string;
  readonly description: string;
}

/** @param words what was typed after the name of the program; the last one is to be completed and can be empty */
export function suggest(program: CommandUnknownOpts, words: readonly string[]): Suggestion[] {
  const { command, operands, option } = readWords(program, words.slice(0, -1));
  const word = words.at(-1) ?? '';
  const started = /^(--[\w-]+=)(.*)$/.exec(word);
  const inline = started && findOption(command, started[1]!.slice(0, -1));
  if (inline) return startingWith(word, choices(inline, started[1]));
  if (option) return startingWith(word, choices(option));
  if (word.startsWith('-')) return startingWith(word, optionsOf(command).map(toSuggestion));
  if (command.commands.length > 0) return startingWith(word, subcommands(command));
  return startingWith(word, choices(command.registeredArguments[operands]));
}

interface Typed {
  readonly command: CommandUnknownOpts;
  /** Arguments of the command so far. */
  readonly operands: number;
  /** The option whose value comes next. */
  readonly option: Option | undefined;
}

function readWords(program: CommandUnknownOpts, words: readonly string[]): Typed {
  let command = program;
  let operands = 0;
  let option: Option | undefined;
  for (const word of words) {
    // bash takes `--format=csv` for three words.
    if (word === '=') continue;
    const found = command.commands.find(child => child.name() === word);
    if (option) option = undefined;
    else if (word.startsWith('-')) option = valueOption(command, word);
    else if (found) command = found;
    else operands += 1;
  }
  return { command, operands, option };
}

function valueOption(command: CommandUnknownOpts, word: string): Option | undefined {
  const option = findOption(command, word);
  return option?.required ? option : undefined;
}

const findOption = (command: CommandUnknownOpts, flag: string): Option | undefined =>
  optionsOf(command).find(({ long, short }) => long === flag || short === flag);

function optionsOf(command: CommandUnknownOpts): Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

const toSuggestion = ({ long, short, description }: Option): Suggestion => ({
  word: long ?? short ?? '',
  description,
});

const subcommands = (command: CommandUnknownOpts): Suggestion[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map(child => ({ word: child.name(), description: child.summary() || child.description() }));

const choices = (from: Pick<Argument | Option, 'argChoices'> | undefined, prefix = ''): Suggestion[] =>
  (from?.argChoices ?? []).map(choice => ({ word: `${prefix}${choice}`, description: '' }));

const startingWith = (word: string, all: readonly Suggestion[]): Suggestion[] =>
  // The `=` of `--format=` is a word of its own in bash.
  all.filter(suggestion => suggestion.word.startsWith(word === '=' ? '' : word));
