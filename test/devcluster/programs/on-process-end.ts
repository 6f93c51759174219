// Leaves a file when it ends. The word after the file says how it is to end.
import { writeFileSync } from 'node:fs';

import { onProcessEnd } from '../../../devcluster/on-process-end.ts';

const [file = '', way] = process.argv.slice(2);
if (way === 'has-a-failing-task') {
  onProcessEnd(() => {
    throw new Error('cannot clean up');
  });
}
const forget = onProcessEnd(() => writeFileSync(file, 'ended'));

if (way === 'throws') throw new Error('trouble');
if (way === 'forgets') forget();
if (way === 'handles-signals') {
  process.on('SIGTERM', () => process.stdout.write('has a handler of its own\n'));
}
if (way === 'waits' || way === 'handles-signals') {
  setInterval(() => undefined, 1000);
  process.stdout.write('waits\n');
}
