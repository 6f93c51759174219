// Makes sure that there are binaries, in a process that a test can start twice or kill.
import { ensureBinaries } from '../../../devcluster/binaries/ensure-binaries.ts';
import { progressOn } from '../../../devcluster/progress.ts';

await ensureBinaries({ progress: progressOn(process.stdout) });
process.stdout.write('has all binaries\n');
