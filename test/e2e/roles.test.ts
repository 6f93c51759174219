import { describe, expect } from 'vitest';

import { mayI } from '../deploy/access-review.ts';
import { eventually } from '../support/eventually.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { repositoryFile } from './node-kubectl.ts';

const ROLES = ['view', 'edit', 'admin'] as const;
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];

const it = testbedTest('roles', []).extend('people', { scope: 'file' }, async ({ bed }) => {
  await bed.kubectl(['apply', '-f', repositoryFile('deploy/crd/seinode-roles.yaml')]);
  for (const role of ROLES) {
    await bed.kubectl(['create', 'serviceaccount', role]);
    const subject = `--serviceaccount=${bed.namespace}:${role}`;
    await bed.kubectl(['create', 'rolebinding', role, `--clusterrole=${role}`, subject]);
  }
  await eventually('the roles of Kubernetes have taken them up', () => may(bed, 'edit', 'create'));
});

describe("Kubernetes' own roles", () => {
  it.for(ROLES)('%s reads SeiNodes', async (role, { bed, people: _people }) => {
    for (const verb of READ) expect(await may(bed, role, verb)).toBe(true);
  });

  it('edit and admin write them, and view does not', async ({ bed, people: _people }) => {
    for (const verb of WRITE) {
      expect(await may(bed, 'edit', verb)).toBe(true);
      expect(await may(bed, 'admin', verb)).toBe(true);
      expect(await may(bed, 'view', verb)).toBe(false);
    }
  });

  it.for(ROLES)('%s does not write what the operator believes', async (role, { bed }) => {
    for (const resource of ['seinodes/status', 'seinodes/finalizers', 'seinodetasks']) {
      for (const verb of WRITE) expect(await may(bed, role, verb, resource)).toBe(false);
    }
  });
});

function may(bed: Testbed, role: string, verb: string, resource = 'seinodes'): Promise<boolean> {
  const { namespace } = bed;
  return mayI(bed.cluster, `${namespace}:${role}`, { verb, group: 'sei.io', resource, namespace });
}
