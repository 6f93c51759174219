import { Command } from 'commander';

import { addGlobalOptions } from '../cli/shell/global-options.ts';
import type { OptionVariable } from './configuration-reference.ts';

/** Returns the options of the command line that stand in for a variable, as their help says. */
export function optionVariables(): readonly OptionVariable[] {
  const program = new Command();
  addGlobalOptions(program);
  return program.options.flatMap(({ flags, description }) => {
    const [, what, variable] = /^(.*) \(default: \$([A-Z_]+)\)$/.exec(description) ?? [];
    if (what === undefined || variable === undefined) return [];
    return [{ option: flags, variable, description: what }];
  });
}
