import { describe, expect } from 'vitest';

import { MAIN } from '../cli/cli-process.ts';
import { hasPseudoTerminal, quoted, startOnTerminal } from '../cli/pseudo-terminal.ts';
import { eventually } from '../support/eventually.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';

/** Throws an error that nobody catches in a process that does its work, as a mistake of ours would. */
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

/** Texts that anybody may write into an Event: a title, a cleared line, the clipboard, a turned text. */
const HOSTILE =
  '\u001B]0;pwned\u0007\u001B[2K\u001B[1A\u001B]52;c;eA==\u0007\u001B[32mgreen\u202Etxt';

/** Matches what a command may write on a terminal: the colours of our palette, and the ends of lines. */
// eslint-disable-next-line no-control-regex -- escapes are what it is about
const OURS = /\u001B\[(?:0|1|2|22|31|32|33|39)m|\r?\n/g;

describe.skipIf(skipped !== '')(`a command on a terminal${skipped}`, () => {
  it('shows the escapes that an object of the cluster holds, and obeys none', async ({ bed }) => {
    const { metadata } = await bed.nodes.create('hostile', {});
    const { namespace } = bed;
    await bed.core.createNamespacedEvent({
      namespace,
      body: {
        metadata: { name: 'hostile' },
        involvedObject: { kind: 'SeiNode', namespace, name: 'hostile', uid: metadata.uid },
        type: 'Warning',
        reason: `Failed${HOSTILE}`,
        message: `message ${HOSTILE}`,
        lastTimestamp: new Date(),
      },
    });
    await bed.nodes.patchStatus('hostile', {
      conditions: [
        {
          type: 'Stalled',
          status: 'True',
          reason: 'InvalidSpec',
          message: `message ${HOSTILE}`,
          lastTransitionTime: new Date().toISOString(),
        },
      ],
    });
    const commands = ['logs hostile', 'status hostile', 'list -o wide'].map((command) => {
      const program = [process.execPath, MAIN, ...command.split(' '), '-n', namespace];
      return startOnTerminal(program.map(quoted).join(' '), bed.env);
    });
    for (const shown of commands) {
      expect(await shown.ended).toBe(0);
      const text = shown.written();
      expect(text).toContain(String.raw`message \u001b]0;pwned\u0007`);
      expect(text).not.toContain('\u001B[32mgreen');
      expect(text.replaceAll(OURS, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});

/** Starts the live view of a node that nobody works on, and waits until it is drawn. */
async function watching(bed: Testbed, name: string, nodeOptions: readonly string[] = []) {
  await bed.nodes.create(name, {});
  const words = [...nodeOptions, MAIN, 'watch', name, '-n', bed.namespace];
  const program = [process.execPath, ...words].map(quoted).join(' ');
  // The shell prints its process id, and becomes the program.
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
