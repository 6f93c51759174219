import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { runMain } from '../../process/run-main.ts';
import { UserError } from '../../settings/user-error.ts';

let exit: MockInstance<typeof process.exit>;
let stderr: string;
let exitCodeBefore: typeof process.exitCode;

beforeEach(() => {
  exitCodeBefore = process.exitCode;
  process.exitCode = undefined;
  stderr = '';
  exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = exitCodeBefore;
});

describe('runMain', () => {
  it('exits with success when the main function ends', async () => {
    await runMain('seinode worker', async () => undefined);
    expect(exit).toHaveBeenCalledOnce();
    expect(process.exitCode).toBe(0);
    expect(stderr).toBe('');
  });

  it('keeps the exit code that the main function has set', async () => {
    await runMain('seinode worker', async () => {
      process.exitCode = 3;
    });
    expect(process.exitCode).toBe(3);
  });

  it('ends with one line for an error that a person has to fix', async () => {
    await runMain('seinode worker', async () => {
      throw new UserError('cannot reach Temporal');
    });
    expect(exit).toHaveBeenCalledOnce();
    expect(process.exitCode).toBe(1);
    expect(stderr).toBe('seinode worker: cannot reach Temporal\n');
  });

  it('shows where a bug was', async () => {
    await runMain('seinode worker', async () => {
      throw new TypeError('undefined is no function');
    });
    expect(process.exitCode).toBe(1);
    expect(stderr).toMatch(/^seinode worker: TypeError: undefined is no function\n\s+at /);
  });
});
