// What Commander accepts as the value of an option and no user means: nothing, another option, a second value.

import { type CommandUnknownOpts, InvalidArgumentError, type Option } from '@commander-js/extra-typings';

/** Makes every option of a command that takes a value refuse these. */
export function refuseStrangeValues({ options }: CommandUnknownOpts): void {
  for (const option of options) if (option.required) option.argParser(strict(option));
}

function strict(option: Option): (value: string, previous: unknown) => unknown {
  const parse = option.parseArg;
  return (value, previous) => {
    // In "--name --scopes read" the name is missing.
    if (value === '' || value.startsWith('--')) throw new InvalidArgumentError('It needs a value.');
    if (previous !== undefined && previous !== option.defaultValue)
      throw new InvalidArgumentError('It is given twice.');
    return parse ? parse(value, previous) : value;
  };
}
