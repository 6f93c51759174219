import { NEEDS, SCRIPTS, SECTIONS, textOf } from './run-by.ts';
import type { DocumentedCommand } from './shell-commands.ts';
import { commandsIn } from './shell-commands.ts';

/**
 * Checks that a command is run by a test, or marked with what it needs.
 *
 * @param document the path of the document that it is from
 * @throws {Error} that says what is missing
 */
export function checkIsRun(command: DocumentedCommand, document: string): void {
  const { needs, words, section } = command;
  const line = words.join(' ');
  if (needs !== undefined && !command.isMention) return checkNeeds(line, needs);
  // With arguments, a block is run as it is.
  if (words[0] === 'npm' && (command.isMention || words.length <= 3)) {
    return checkScript(words[1] === 'run' ? words[2] : words[1], command);
  }
  if (needs !== undefined && isNeededBy(line, needs)) return;
  if (command.isMention) return checkMention(words);
  const test = SECTIONS[document]?.[section];
  if (test === undefined) {
    throw new Error(
      `no test runs the section "${section}" (test/docs/run-by.ts), nor is it said what it needs`,
    );
  }
  if (!textOf(test).includes(`'${document}'`)) throw new Error(`${test} does not name ${document}`);
}

function checkNeeds(line: string, needs: string): void {
  if (!isNeededBy(line, needs)) {
    throw new Error(
      `"needs ${needs}" is no reason for not testing it: ${Object.keys(NEEDS).join(', ')}`,
    );
  }
}

function isNeededBy(line: string, needs: string): boolean {
  return NEEDS[needs]?.test(line) === true;
}

function checkScript(script = '', { needs, words }: DocumentedCommand): void {
  if (needs !== undefined && isNeededBy(words.join(' '), needs)) return;
  const ran = SCRIPTS[script];
  if (ran === undefined) throw new Error(`no test runs "npm run ${script}"`);
  const [file, named] = ran;
  if (!textOf(file).includes(named)) throw new Error(`${file} does not run "npm run ${script}"`);
}

/** What is named in running text is shown, and so run, elsewhere in the documents. */
function checkMention(words: readonly string[]): void {
  const [program = ''] = words;
  // Of these check-seinode.ts knows what is run. One that is alone names the program.
  if (program === 'seinode' || words[1] === 'seinode' || words.length === 1) return;
  const shown = Object.keys(SECTIONS).flatMap((document) => commandsIn(textOf(document)));
  const isShown = shown.some(
    (other) =>
      !other.isMention && isBeginningOf(withoutNamespace(words), withoutNamespace(other.words)),
  );
  if (!isShown) throw new Error(`no block of a document shows "${words.join(' ')}"`);
}

function isBeginningOf(words: readonly string[], others: readonly string[]): boolean {
  return words.every((word, index) => others[index] === word);
}

/** The one flag that people write in front of the command. */
function withoutNamespace(words: readonly string[]): readonly string[] {
  return words[1] === '-n' ? [...words.slice(0, 1), ...words.slice(3)] : words;
}
