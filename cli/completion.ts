import type { RootCommand } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

/** The command that writes the script of a shell. */
export const COMPLETION = 'completion';

/** The hidden command that the shells' scripts call at each press of the tab key. */
export const COMPLETE = 'complete';

/**
 * Adds the command `completion`, which writes the script of a shell, and `complete`, which that asks.
 *
 * @param names the nodes that a name may be completed to.
 */
export function addCompletion(program: Command, names: readonly string[]): RootCommand {
  const root = tab(program, { completionCommandName: COMPLETION });
  program.commands
    .find((command) => command.name() === COMPLETION)
    ?.description('write the completion script of a shell');
  const everywhere = [...root.options.values()];
  for (const command of root.commands.values()) {
    // Commander takes the options of the program after a command too; tab knows them before it only.
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

/** The options of a line that is being completed which say where its nodes are. */
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
