import { describe, expect, it } from 'vitest';

import { invitation } from '../../demo/invitation.ts';
import { parseCommand } from '../../devcluster/command-line/parse-command.ts';
import { checkSeinode } from '../docs/check-seinode.ts';

const env = { KUBECONFIG: '/home/kim/kubeconfig', TEMPORAL_ADDRESS: '127.0.0.1:7233' };
const commands = invitation({ name: 'demo', env }).map((line) => line.split(' '));

/** What follows the words with which such a command begins. */
function after(...words: readonly string[]): readonly (readonly string[])[] {
  return commands
    .filter((command) => words.every((word, index) => command[index] === word))
    .map((command) => command.slice(words.length));
}

describe('what the demo invites to', () => {
  it('is about its own devcluster', () => {
    expect(after('npm', 'run', 'devcluster', '--').map(parseCommand)).toEqual([
      { kind: 'kubectl', name: 'demo', args: ['get', 'snode', '-w'] },
    ]);
  });

  it('is what the command line takes', async () => {
    const lines = after('bin/seinode');
    expect(lines).toHaveLength(3);
    for (const words of lines) await checkSeinode(words, false);
  });
});
