import { eventually } from '../support/eventually.ts';
import { startOnTerminal } from './pseudo-terminal.ts';

/** A shell on a terminal, with somebody who types. */
export interface ShellTypist {
  /** Types the beginning of a line and presses the tab key. @returns what became of the line */
  complete(begun: string): Promise<string>;
  close(): void;
}

/** A cold start of the tool on a busy machine of two cores, with which a shell completes. */
const ANSWER_MS = 120_000;

const BEGIN_OF_LINE = '\u0001';
const END_OF_INPUT = '\u0004';

/**
 * @param command starts the shell
 * @param setUp lines that make it complete
 * @param env the whole environment of the shell
 */
export async function startTyping(
  command: string,
  setUp: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ShellTypist> {
  const shell = startOnTerminal(command, env);
  /** Lists what the shell has echoed on request: each is one line, which begins with a mark. */
  const echoed = (): readonly string[] =>
    [...shell.written().matchAll(/^GOT:(.*?)\s*[\r\n]/gm)].map(([, line = '']) => line);
  let asked = 0;
  const answer = async (): Promise<string> => {
    const index = asked;
    asked += 1;
    try {
      await eventually('the shell answers', () => echoed().length > index, ANSWER_MS);
    } catch (err) {
      throw new Error(`the shell wrote ${JSON.stringify(shell.written())}`, { cause: err });
    }
    return echoed()[index] ?? '';
  };
  for (const line of setUp) shell.type(`${line}\r`);
  shell.type('echo GOT:ready\r');
  await answer();
  return {
    complete: (begun) => {
      // A shell reads on when it has completed, so that nobody has to know when that is.
      shell.type(`${begun}\t${BEGIN_OF_LINE}echo GOT:\r`);
      return answer();
    },
    close: () => shell.type(`\r${END_OF_INPUT}`),
  };
}
