import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { verdictOn } from '../../../cli/doctor/check-custom-resource.ts';

const path = new URL('../../../deploy/crd/sei.io_seinodes.yaml', import.meta.url);

/** Describes what the CRD of this repository defines, as the API server does. */
function description() {
  const crd = parse(readFileSync(path, 'utf8'), { merge: true }) as {
    spec: { versions: { schema: { openAPIV3Schema: object } }[] };
  };
  return {
    paths: { '/apis/sei.io/v1alpha1/namespaces/{namespace}/seinodes/{name}/status': {} },
    components: {
      schemas: { 'io.sei.v1alpha1.SeiNode': crd.spec.versions[0]?.schema.openAPIV3Schema },
    },
  };
}

function verdict(changed: unknown) {
  return verdictOn(changed, '1.2.3');
}

describe('the check of the CRD', () => {
  it('finds that of this repository well', () => {
    expect(verdict(description())).toMatchObject({ verdict: 'ok' });
  });

  it.each(['hold', 'rollback', 'history', 'autoRollback', 'workflowId'])(
    'names the field %s that an older one lacks, and the version to install',
    (field) => {
      const text = JSON.stringify(description()).replaceAll(`"${field}":`, '"other":');
      expect(verdict(JSON.parse(text))).toMatchObject({
        verdict: 'fail',
        found: expect.stringMatching(
          new RegExp(`older than this program, version 1\\.2\\.3: it lacks .*${field}`),
        ) as string,
        remedy: 'kubectl apply --server-side -f deploy/crd (of version 1.2.3)',
      });
    },
  );

  it('fails for one whose status is no subresource, and one that is not served', () => {
    const { found } = verdict({ ...description(), paths: {} });
    expect(found).toMatch(/: it lacks subresource status$/);
    expect(verdict({ paths: {}, components: {} }).found).toBe(
      'seinodes.sei.io is not served as v1alpha1',
    );
  });
});
