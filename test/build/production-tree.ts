import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const root = path.dirname(path.dirname(import.meta.dirname));

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly link?: boolean }>>;
}

/**
 * The packages that `npm ci --omit=dev` installs where the devcluster is not, as in the image, by their folders:
 * `node_modules/zod`.
 */
export async function productionPackages(): Promise<readonly string[]> {
  const file = path.join(root, 'node_modules', '.package-lock.json');
  const { packages } = JSON.parse(await readFile(file, 'utf8')) as LockFile;
  return Object.entries(packages)
    .filter(([folder, { dev, link }]) => dev !== true && link !== true && folder !== 'devcluster')
    .map(([folder]) => folder);
}

/**
 * Makes a folder that holds what the image holds: package.json, the product, and the packages that it
 * needs, without one that only development needs.
 *
 * @param directory not inside the project, or packages would be found there too
 */
export async function productionTree(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await run(process.execPath, ['build/main.ts', path.join(directory, 'dist')], { cwd: root });
  const packages = await productionPackages();
  // A nested package is copied with the one that it is in.
  const folders = packages.filter((each) => each.lastIndexOf('node_modules/') === 0);
  await run('cp', ['-a', '--parents', 'package.json', ...folders, directory], { cwd: root });
}
