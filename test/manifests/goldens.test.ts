import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { platform, SAMPLES, sampleNode, signingValidator, target } from './fixtures.ts';
import { objectsOf } from './node-objects.ts';

/**
 * A changed golden is a changed pod template, which every node of every installation gets at its next
 * replacement: review it as such. `UPDATE_GOLDENS=1` writes them.
 */
const mayWrite = process.env['UPDATE_GOLDENS'] === '1';

/** The formatter's style of YAML, so that it does not change a golden. */
const FORMAT = { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true };

const cases: Readonly<Record<string, SeiNode>> = {
  ...Object.fromEntries(SAMPLES.map((sample) => [sample, sampleNode(sample)])),
  'validator-with-keys': signingValidator(),
  'full-node-paused': sampleNode('full-node', { paused: true }),
  'archive-on-an-imported-volume': sampleNode('archive', {
    dataVolume: { import: { pvcName: 'restored-history' } },
  }),
};

describe('rendering', () => {
  it.each(Object.keys(cases))('of %s is the reviewed YAML, byte for byte', (name) => {
    const rendered = yamlOf(cases[name]);
    const path = new URL(`goldens/${name}.yaml`, import.meta.url);
    if (mayWrite) writeFileSync(path, rendered);
    expect(existsSync(path), `no golden of ${name}: write it with UPDATE_GOLDENS=1`).toBe(true);
    expect(rendered).toBe(readFileSync(path, 'utf8'));
  });
});

function yamlOf(node: SeiNode | undefined): string {
  if (node === undefined) throw new Error('no such case');
  const replicas = node.spec.paused === true ? 0 : 1;
  return objectsOf(node, { ...target, replicas }, platform)
    .map((object) => stringify(object, FORMAT))
    .join('---\n');
}
