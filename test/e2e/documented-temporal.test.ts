import path from 'node:path';

import { describe, expect } from 'vitest';

import { scriptsRunBy } from '../docs/run-by.ts';
import { eventually } from '../support/eventually.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { openDocumentedShell } from './documented-shell.ts';

/** Time for a dozen commands one after the other, which take a tenth of it on an idle machine. */
const WALK_MS = 400_000;

const VERSION = { deploymentName: 'seinode', buildId: 'v1.4.0' };

const it = testbedTest('documented-temporal', []);

describe('docs/temporal.md', () => {
  it(
    'leads to a namespace with retention, to keys, and to workers of a version',
    { timeout: WALK_MS },
    async ({ bed, onTestFinished }) => {
      const namespace = `${bed.namespace}-own`;
      const { kubeconfigPath, temporalAddress } = bed.cluster;
      const shell = await openDocumentedShell(kubeconfigPath, bed.env, [
        ['HOST:7233', temporalAddress],
        ['TEMPORAL_NAMESPACE=seinode', `TEMPORAL_NAMESPACE=${namespace}`],
      ]);
      onTestFinished(() => shell.close());
      const env = {
        TEMPORAL_NAMESPACE: namespace,
        SEINODE_PAYLOAD_KEY_FILE: path.join(shell.clone, 'payload-keys'),
        SEINODE_WORKER_DEPLOYMENT_NAME: VERSION.deploymentName,
        SEINODE_WORKER_BUILD_ID: VERSION.buildId,
      };
      const { workflowService } = bed.temporal.connection;
      /** Checks after a script of a section, and steps there that no command does. */
      const after: Readonly<Record<string, (printed: string) => Promise<unknown>>> = {
        'Set up the namespace': async (printed) => {
          expect(printed).toContain(
            `namespace ${namespace} created; it keeps closed runs for 7 days`,
          );
          expect(printed).toContain(`namespace ${namespace} keeps closed runs for 30 days`);
        },
        'Encryption of payloads': async () => {
          await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
          await eventually('Temporal knows the version of the worker', async () => {
            const { workerDeploymentInfo } = await workflowService.describeWorkerDeployment({
              namespace,
              deploymentName: VERSION.deploymentName,
            });
            const versions = workerDeploymentInfo?.versionSummaries ?? [];
            return versions.some(
              ({ deploymentVersion }) => deploymentVersion?.buildId === VERSION.buildId,
            );
          });
        },
        'Versions of workers': () => bed.nodes.createRunning('versioned', V1),
      };
      const scripts = scriptsRunBy(import.meta.filename, 'docs/temporal.md');
      expect(new Set(scripts.map(({ section }) => section))).toEqual(new Set(Object.keys(after)));
      for (const script of scripts) await after[script.section]?.(await shell.run(script));
    },
  );
});
