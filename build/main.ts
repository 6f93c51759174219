import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { buildProduct } from './product.ts';
import { buildWorkflows } from './workflows.ts';

// Makes dist/, or the folder that is named: all of our files in an image or a package.
const directory = path.resolve(
  process.argv[2] ?? path.join(path.dirname(import.meta.dirname), 'dist'),
);
await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
await Promise.all([buildProduct(directory), buildWorkflows(directory)]);
process.stdout.write(`built ${directory}\n`);
