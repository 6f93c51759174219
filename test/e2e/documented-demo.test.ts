import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { repositoryFile } from './node-kubectl.ts';

const run = promisify(execFile);

/** The demo brings a cluster up, then four nodes at once, and rolls them at once. */
const DEMO_MS = 900_000;
/** There is one demo at a time on a machine, and a person may be looking at theirs. */
const IS_UP = /Devcluster demo (?:belongs to|is already)/;

async function demo(): Promise<string | undefined> {
  const options = { cwd: repositoryFile('.'), timeout: DEMO_MS };
  try {
    return (await run('npm', ['run', 'demo', '--', '--once'], options)).stdout;
  } catch (err) {
    if (IS_UP.test((err as Error).message)) return undefined;
    throw err;
  }
}

describe('npm run demo', () => {
  it(
    'brings four nodes up, rolls them, and ends by itself with --once',
    { timeout: DEMO_MS },
    async ({ skip }) => {
      const printed = await demo();
      if (printed === undefined) return skip('a demo is up on this machine');
      expect(printed).toMatch(/Web UI +http:/);
      const running = /^(\S+) +running +sei:v6\.2\.1 +sei:v6\.2\.1 /gm;
      const rolled = [...printed.matchAll(running)].map(([, name]) => name);
      expect(rolled).toHaveLength(4);
    },
  );
});
