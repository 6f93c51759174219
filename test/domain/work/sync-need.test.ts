import { expect, it } from 'vitest';

import type { SyncNeed } from '../../../domain/work/sync-need.ts';
import { describeNeed } from '../../../domain/work/sync-need.ts';

it.each<[SyncNeed, string]>([
  [{ kind: 'pause' }, 'pause'],
  [{ kind: 'unpause' }, 'unpause'],
  [{ kind: 'settle-stall' }, 'see whether what held it back is over'],
  [{ kind: 'end-rollback' }, 'record that the rollback is over'],
  [{ kind: 'record-pod-currency' }, 'record whether the pod runs the newest template'],
  [{ kind: 'mark-ready' }, 'mark the restarted sidecar ready'],
  [{ kind: 'record-sidecar', state: 'unreachable' }, 'record that the sidecar is unreachable'],
  [{ kind: 'missing', object: 'ConfigMap' }, 'ConfigMap is missing'],
])('says %o in one clause', (need, text) => {
  expect(describeNeed(need)).toBe(text);
});
