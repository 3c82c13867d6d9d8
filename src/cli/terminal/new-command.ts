import { Command } from '@commander-js/extra-typings';

export interface CommandText {
  /** One sentence, for the list of commands and the top of the help. */
  readonly summary: string;
  /** Further paragraphs of the help. */
  readonly description?: string;
  readonly examples: readonly string[];
}

/** @returns a command whose help has a description, examples and exit codes; add its options and action */
export const newCommand = (name: string, { summary, description, examples }: CommandText) =>
  new Command(name)
    .summary(summary)
    .description(description === undefined ? summary : `${summary}\n\n${description}`)
    .addHelpText('after', closing(examples));

const closing = (examples: readonly string[]): string => `
Examples:
${examples.map(example => `  ${example}`).join('\n')}

Exit codes: 0 success, 1 failure, 2 wrong usage.`;

export const jsonHelp = 'Print JSON.';
