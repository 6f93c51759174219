import { createLogger } from '../../process/logger.ts';
import { readOptions } from './options.ts';
import { startSimulator } from './simulator.ts';

const adminUrl = await startSimulator(
  readOptions(process.env),
  createLogger('warn', 'devcluster-sidecar'),
);
// Whoever started this process waits for the second line; the first says where SidecarAdmin reaches it.
process.stdout.write(`admin=${adminUrl}\nready\n`);
