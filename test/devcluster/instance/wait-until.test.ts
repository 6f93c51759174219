import { describe, expect, it } from 'vitest';

import { waitUntil } from '../../../devcluster/instance/wait-until.ts';

describe('waitUntil', () => {
  it('asks until there is an answer', async () => {
    const answers = [undefined, undefined, 'ready'];
    const answer = await waitUntil('It', { seconds: 5, everyMs: 1 }, () => answers.shift());
    expect(answer).toBe('ready');
    expect(answers).toEqual([]);
  });

  it('says what did not happen', async () => {
    const options = { seconds: 0.01, everyMs: 1 };
    await expect(waitUntil('The start', options, () => undefined)).rejects.toThrow(
      'The start did not happen within 0.01 s',
    );
  });

  it('ends at once when asking fails', async () => {
    const failing = waitUntil('It', { seconds: 60, everyMs: 1 }, () => {
      throw new Error('it has crashed');
    });
    await expect(failing).rejects.toThrow('it has crashed');
  });
});
