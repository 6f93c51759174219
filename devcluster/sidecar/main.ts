import { createLogger } from '../../process/logger.ts';
import { readOptions } from './options.ts';
import { startSimulator } from './simulator.ts';

const adminUrl = await startSimulator(
  readOptions(process.env),
  createLogger('warn', 'devcluster-sidecar'),
);
// The parent process waits for the second line; the first has the address for SidecarAdmin.
process.stdout.write(`admin=${adminUrl}\nready\n`);
