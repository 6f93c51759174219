import { describe, expect, it } from 'vitest';

import { readCommand } from '../../../domain/run/read-command.ts';

describe('readCommand', () => {
  it.each([[undefined], [null], [{}], [{ reason: null }]])(
    'takes %j: a command without a word',
    (input) => {
      expect(readCommand('retry', input)).toEqual({
        kind: 'fits',
        value: { kind: 'retry', reason: 'no reason given', actor: 'unknown' },
      });
    },
  );

  it('cleans and cuts its texts', () => {
    const input = {
      reason: `a\u202eb\n${'x'.repeat(2_000)}`,
      actor: `kim\u001b[31m${'y'.repeat(300)}`,
    };
    const read = readCommand('pause', input);
    if (read.kind === 'misfit') throw new Error(read.why);
    expect(read.value.reason).toMatch(/^a b x+…$/);
    expect(read.value.reason).toHaveLength(1_024);
    expect(read.value.actor).toMatch(/^kim \[31my+…$/);
    expect(read.value.actor).toHaveLength(256);
  });

  it.each([['stop'], [7], [true], [[]], [[{ reason: 'r' }]], [{ reason: 5 }], [{ actor: {} }]])(
    'refuses %j',
    (input) => {
      expect(readCommand('pause', input)).toEqual({
        kind: 'misfit',
        why: 'pause takes an object { "reason": "...", "actor": "..." } or nothing',
      });
    },
  );
});
