import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { verdictOn } from '../../../cli/doctor/check-kubernetes.ts';

const path = new URL('../../../deploy/crd/sei.io_seinodes.yaml', import.meta.url);

function crd(): { spec: { versions: Record<string, unknown>[] } } {
  return parse(readFileSync(path, 'utf8'), { merge: true }) as ReturnType<typeof crd>;
}

describe('the check of the CRD', () => {
  it('finds that of this repository well', () => {
    expect(verdictOn(crd())).toMatchObject({ verdict: 'ok' });
  });

  it('names the fields that an older one lacks, and how to install this one', () => {
    const text = JSON.stringify(crd()).replaceAll('"hold"', '"other"');
    expect(verdictOn(JSON.parse(text))).toMatchObject({
      verdict: 'fail',
      found: expect.stringContaining('it lacks status.hold') as string,
      remedy: expect.stringContaining('kubectl apply') as string,
    });
  });

  it('fails for one whose status is no subresource, and one that is not served', () => {
    const [version = {}] = crd().spec.versions;
    const changed = (more: object) => ({ spec: { versions: [{ ...version, ...more }] } });
    expect(verdictOn(changed({ subresources: {} })).found).toContain('subresource status');
    expect(verdictOn(changed({ served: false })).found).toContain('is not served as v1alpha1');
    expect(verdictOn({}).verdict).toBe('fail');
  });
});
