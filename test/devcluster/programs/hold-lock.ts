// Takes a lock, says so, and lets go when its standard input ends.
import { once } from 'node:events';

import { withLock } from '../../../devcluster/lock.ts';

const [key = ''] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

await withLock(
  key,
  async () => {
    say('has the lock');
    process.stdin.resume();
    await once(process.stdin, 'end');
  },
  () => say('waits'),
);
say('let go');
