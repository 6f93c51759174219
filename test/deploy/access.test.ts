import { describe, expect, it } from 'vitest';

import { accessOf, rightsOf } from './access.ts';

const CASES = [
  ['GET', '/api/v1/namespaces/kube-system', 'get /namespaces'],
  ['GET', '/api/v1/namespaces/a/pods?labelSelector=x', 'list /pods'],
  ['GET', '/api/v1/pods?watch=true', 'watch /pods'],
  ['POST', '/api/v1/namespaces/a/events', 'create /events'],
  ['POST', '/api/v1/namespaces/a/serviceaccounts/b/token', 'create /serviceaccounts/token'],
  ['DELETE', '/api/v1/namespaces/a/pods/n0-0', 'delete /pods'],
  ['GET', '/apis/apps/v1/namespaces/a/statefulsets/n0', 'get apps/statefulsets'],
  [
    'PATCH',
    '/apis/sei.io/v1alpha1/namespaces/a/seinodes/n0/status',
    'patch sei.io/seinodes/status',
  ],
] as const;

describe('the right that a request needs', () => {
  it.for(CASES)('of %s %s is %s', ([method, url, right]) => {
    const access = accessOf({ method, url, status: 200 });
    expect(access && rightsOf(access)).toEqual([right]);
  });

  it('is none for what is no resource', () => {
    expect(accessOf({ method: 'GET', url: '/version', status: 200 })).toBeUndefined();
  });

  it('is also that to create where an apply created', () => {
    const url = '/apis/apps/v1/namespaces/a/statefulsets/n0?force=true';
    const access = accessOf({ method: 'PATCH', url, status: 201 });
    expect(access && rightsOf(access)).toEqual([
      'patch apps/statefulsets',
      'create apps/statefulsets',
    ]);
  });
});
