import type { TestAPI } from 'vitest';
import { test } from 'vitest';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { sharedDevcluster } from './devcluster.ts';
import type { Testbed } from './testbed.ts';
import { openTestbed } from './testbed.ts';

/**
 * Tests with a testbed of their file's own, in the shared devcluster. A test that fails tells what
 * the processes of the testbed logged.
 */
