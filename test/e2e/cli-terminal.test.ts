import { describe, expect } from 'vitest';

import { MAIN } from '../cli/cli-process.ts';
import { hasPseudoTerminal, quoted, startOnTerminal } from '../cli/pseudo-terminal.ts';
import { eventually } from '../support/eventually.ts';
import type { Testbed } from '../support/testbed.ts';
import { testbedTest } from '../support/testbed-test.ts';

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';

/** An error that nobody catches, of a process that does its work: as a mistake of ours would be. */
const CRASH = `data:text/javascript,${encodeURIComponent(
  "process.on('SIGUSR2', () => { throw new Error('made to crash'); })",
)}`;

/** A cold start of the tool on a busy machine of two cores. */
const DRAWN_MS = 90_000;

const it = testbedTest('cli-terminal', []);

const skipped = hasPseudoTerminal() ? '' : ' (skipped: there is no `script` of util-linux)';

describe.skipIf(skipped !== '')(`the live view on a terminal${skipped}`, () => {
  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('gives the cursor back on %s, and ends with %i', async ([signal, code], { bed }) => {
    const live = await watching(bed, signal.toLowerCase());
    live.kill(signal);
    expect(await live.ended).toBe(code);
    expect(afterLast(live.written(), HIDE_CURSOR)).toContain(SHOW_CURSOR);
  });

  it('gives the cursor back when the program crashes', async ({ bed }) => {
    const live = await watching(bed, 'crash', ['--import', CRASH]);
    live.kill('SIGUSR2');
    expect(await live.ended).toBe(1);
    expect(live.written()).toContain('made to crash');
    expect(afterLast(live.written(), HIDE_CURSOR)).toContain(SHOW_CURSOR);
  });
});

/** The live view of a node that nobody works on, once it is drawn. */
async function watching(bed: Testbed, name: string, nodeOptions: readonly string[] = []) {
  await bed.nodes.create(name, {});
  const words = [...nodeOptions, MAIN, 'watch', name, '-n', bed.namespace];
  const program = [process.execPath, ...words].map(quoted).join(' ');
  // The shell tells its process id, and becomes the program.
  const live = startOnTerminal(`echo "pid $$."; exec ${program}`, bed.env);
  await eventually('the live view is drawn', () => /starting/.test(live.written()), DRAWN_MS);
  expect(live.written()).toContain(HIDE_CURSOR);
  expect(live.written()).not.toContain(SHOW_CURSOR);
  const pid = Number(/pid (\d+)\./.exec(live.written())?.[1]);
  return { ...live, kill: (signal: NodeJS.Signals) => process.kill(pid, signal) };
}

function afterLast(text: string, what: string): string {
  return text.slice(text.lastIndexOf(what));
}
