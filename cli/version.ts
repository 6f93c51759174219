import { readFileSync } from 'node:fs';

/** The file is as far from here as from the bundle in dist/. */
const PACKAGE = new URL('../package.json', import.meta.url);

/** Returns the version of the product, which this program shares with the operator's processes. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { readonly version: string };
  return version;
}
