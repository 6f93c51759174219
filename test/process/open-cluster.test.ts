import { expect, it } from 'vitest';

import { CONTENTS } from '../../process/open-cluster.ts';

it('lets the watcher alone read what Services and ConfigMaps hold', () => {
  expect(CONTENTS).toEqual({ 'seinode-watcher': 'read', 'seinode-worker': 'unread' });
});
