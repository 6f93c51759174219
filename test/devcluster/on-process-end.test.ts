import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const PROGRAM = join(import.meta.dirname, 'programs', 'on-process-end.ts');

describe('onProcessEnd', () => {
  it.each([
    ['returns', 0],
    ['throws', 1],
  ])('runs the task of a program that %s', async (way, code) => {
    const { child, ranTask } = await program(way);
    expect(await child.ended).toBe(code);
    expect(ranTask()).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'runs the task at %s, and lets the program end by it',
    async (signal) => {
      const { child, ranTask } = await program('waits');
      await child.said('waits');
      child.signal(signal);
      expect(await child.ended).toBe(signal);
      expect(ranTask()).toBe(true);
    },
  );

  it('leaves a signal to a program that has a handler for it', async () => {
    const { child, ranTask } = await program('handles-signals');
    await child.said('waits');
    child.signal('SIGTERM');
    await child.said('has a handler of its own');
    expect(ranTask()).toBe(false);
  });

  it('runs the task though another one fails', async () => {
    const { child, ranTask } = await program('has-a-failing-task');
    expect(await child.ended).toBe(0);
    expect(child.stderr()).toBe('cannot clean up\n');
    expect(ranTask()).toBe(true);
  });

  it('does not run a task that is forgotten', async () => {
    const { child, ranTask } = await program('forgets');
    expect(await child.ended).toBe(0);
    expect(ranTask()).toBe(false);
  });
});

async function program(way: string): Promise<{ child: Child; ranTask: () => boolean }> {
  const file = join(await temporaryDirectory(), 'task');
  const child = startChild(PROGRAM, [file, way]);
  onTestFinished(() => child.signal('SIGKILL'));
  return { child, ranTask: () => existsSync(file) };
}
