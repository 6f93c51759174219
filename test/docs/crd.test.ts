import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { fieldsOf } from '../../build/crd-fields.ts';
import type { CustomResourceDefinition } from '../../build/crd-reference.ts';
import { crdReference } from '../../build/crd-reference.ts';
import { goldenDocument } from './golden-document.ts';

const crd = parse(
  readFileSync(new URL('../../deploy/crd/sei.io_seinodes.yaml', import.meta.url), 'utf8'),
) as CustomResourceDefinition;
const reference = crdReference(crd);

describe('docs/crd.md', () => {
  it('is what the CRD says', () => {
    expect(goldenDocument('crd.md', reference), 'stale: write it with UPDATE_GOLDENS=1').toBe(
      reference,
    );
  });

  it('has a description of each field', () => {
    const [version] = crd.spec.versions;
    const fields = version === undefined ? [] : fieldsOf(version.schema.openAPIV3Schema, '');
    expect(fields.length).toBeGreaterThan(100);
    const undescribed = fields.filter(({ description }) => description === '');
    expect(undescribed.map(({ path }) => path)).toEqual(['.metadata']);
  });

  it('tells of lists, of limits and of rules', () => {
    expect(reference).toMatch(
      /`spec.peers\[\].static.addresses` +\| list of strings, 1 to 256 entries /,
    );
    expect(reference).toMatch(/`spec.podLabels` +\| map of strings, at most 64 entries /);
    expect(reference).toMatch(/`spec.sidecar.port` +\| integer, 1 to 65535 +\| `7777`/);
    expect(reference).toContain('- `spec.seed`: seed is not a mode');
    expect(reference).toContain('- `spec.peers[]`: exactly one of ec2Tags, static, or label');
    expect(reference).toContain('snapshot.rpcServers[]`: must match `^[^');
  });
});
