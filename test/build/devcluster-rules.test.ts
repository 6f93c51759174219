import { expect, test } from 'vitest';

import { devclusterOverrides } from '../../build/devcluster-rules.ts';

/** Whether a file of the devcluster may import another one. @param folder that it is in, below devcluster/ */
function admits(folder: string, imported: string): boolean {
  const glob = folder === '' ? 'devcluster/*.ts' : 'devcluster/*/*.ts';
  const override = devclusterOverrides().find(({ files }) => files.includes(glob));
  const [, { patterns } = { patterns: [] }] = override?.rules['no-restricted-imports'] ?? [];
  expect(patterns).toHaveLength(1);
  return !patterns.some(({ regex = '' }) => new RegExp(regex).test(imported));
}

test.each([
  ['', '../worker/main.ts'],
  ['', '../test/support/eventually.ts'],
  ['sidecar', '../../sidecar/sidecar-address.ts'],
  ['instance', '../../cli/main.ts'],
])('the devcluster may not import, from devcluster/%s, %s', (folder, imported) => {
  expect(admits(folder, imported)).toBe(false);
});

test.each([
  ['', './instance/bring-up.ts'],
  ['instance', '../sidecar/options.ts'],
  ['sidecar', '../../domain/node/node-ref.ts'],
  ['sidecar', '../../kubernetes/watch/reflector.ts'],
])('the devcluster may import, from devcluster/%s, %s', (folder, imported) => {
  expect(admits(folder, imported)).toBe(true);
});
