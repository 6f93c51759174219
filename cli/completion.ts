import type { RootCommand } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

/** The command that writes the script of a shell. */
export const COMPLETION = 'completion';

/** The hidden command that the shells' scripts call at each press of the tab key. */
export const COMPLETE = 'complete';

/**
 * Adds two commands: `completion` writes the script of a shell, and that script calls `complete`.
 *
 * @param names the nodes that a name may be completed to
 */
export function addCompletion(program: Command, names: readonly string[]): RootCommand {
  const root = tab(program, { completionCommandName: COMPLETION });
  program.commands
    .find((command) => command.name() === COMPLETION)
    ?.description('print the completion script for a shell');
  const everywhere = [...root.options.values()];
  for (const command of root.commands.values()) {
    // Commander takes the options of the program after a command, too; tab knows them only before it.
    for (const { value, description, handler, alias } of everywhere) {
      if (command.options.has(value)) continue;
      if (handler === undefined) command.option(value, description, alias);
      else command.option(value, description, handler, alias);
    }
    const name = command.arguments.get('name');
    if (name !== undefined) {
      name.handler = (complete) => {
        for (const each of names) complete(each, 'SeiNode');
      };
    }
  }
  return root;
}

/** Picks the options that say where the nodes are from a line that is being completed. */
export function whereOf(words: readonly string[]): Readonly<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    const option = OPTIONS[word];
    const value = words[index + 1];
    if (option !== undefined && value !== undefined && value !== '') said[option] = value;
  }
  return said;
}

const OPTIONS: Readonly<Record<string, string>> = {
  '-n': 'namespace',
  '--namespace': 'namespace',
  '--context': 'context',
  '--kubeconfig': 'kubeconfig',
};
