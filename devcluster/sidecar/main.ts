import { readOptions } from './options.ts';
import { startSimulator } from './simulator.ts';

const simulator = await startSimulator(readOptions(process.env), (error) => {
  process.stderr.write(`tried again: ${String(error)}\n`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close());
}
// Whoever started this process waits for the second line and finds the admin API by the first.
process.stdout.write(`admin=${simulator.adminUrl}\nready\n`);
