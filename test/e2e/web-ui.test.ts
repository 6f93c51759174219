import { describe } from 'vitest';

import { UPDATE_STEPS } from '../../domain/node/step.ts';
import {
  browserExecutable,
  capture,
  openPage,
  runUrl,
  visit,
  workflowsUrl,
} from '../support/servers/web-ui.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

if (browserExecutable === undefined) {
  process.stderr.write(
    'web-ui.test.ts is skipped: there is no chromium or google-chrome on PATH\n',
  );
}

const it = testbedTest('web-ui', ['worker', 'watcher'])
  .extend('update', { scope: 'file' }, async ({ bed }) => {
    await bed.nodes.createRunning('n0', V1);
    // An update that follows upon the bring-up in its run would have no summary of its own.
    await bed.runs.closed(bed.key('n0'));
    await bed.nodes.setImage('n0', V2);
    await bed.nodes.untilSettledOn('n0', V2);
    const run = (await bed.runs.rolls(bed.key('n0'))).at(-1);
    if (run?.type !== 'nodeUpdate') throw new Error('the last run of n0 is no nodeUpdate');
    return { ...run, list: workflowsUrl(bed), details: runUrl(bed, run) };
  })
  .extend('page', { scope: 'file' }, ({ bed: _bed }, { onCleanup }) => openPage(onCleanup));

describe.skipIf(browserExecutable === undefined)('the Web UI', () => {
  it('lists an update by its node, with its type and id', async ({ update, page, bed }) => {
    const query = `SeiNamespace="${bed.namespace}" AND SeiNode="n0" AND SeiImage="${V2}"`;
    const row = page.getByRole('row').filter({ hasText: update.runId });
    await visit(page, `${update.list}?query=${encodeURIComponent(query)}`, async () => {
      await row.getByText('nodeUpdate', { exact: true }).waitFor();
      await row.getByText(update.workflowId, { exact: true }).waitFor();
      await row.getByText('Completed', { exact: true }).waitFor();
    });
    await capture(page, 'list');
  });

  it('shows each step of an update by its name', async ({ update, page }) => {
    await visit(page, `${update.details}/history`, async () => {
      await page.getByRole('heading', { name: update.workflowId }).waitFor();
      await page.getByText('nodeUpdate', { exact: true }).first().waitFor();
      for (const step of UPDATE_STEPS) {
        await page
          .getByText(new RegExp(`^\\w+ • ${step}$`))
          .first()
          .waitFor();
      }
    });
    await capture(page, 'history');
  });

  it('says what an update is about and how it stands', async ({ update, page, bed }) => {
    const [summary, details] = [
      page.frameLocator('iframe >> nth=0'),
      page.frameLocator('iframe >> nth=1'),
    ];
    await visit(page, `${update.details}/user-metadata`, async () => {
      await summary.getByText(`${bed.namespace}/n0: ${V1} to ${V2}`).waitFor();
      await details
        .getByRole('listitem')
        .filter({ hasText: `image: ${V1} → ${V2}` })
        .waitFor();
      await details.getByRole('listitem').filter({ hasText: 'step: done' }).waitFor();
    });
    await capture(page, 'user-metadata');
  });

  it('shows the search attributes of an update', async ({ update, page, bed }) => {
    const attributes = {
      SeiNode: 'n0',
      SeiNamespace: bed.namespace,
      SeiChain: 'pacific-1',
      SeiImage: V2,
      SeiStep: 'done',
      SeiOutcome: 'Complete',
    };
    await visit(page, `${update.details}/search-attributes`, async () => {
      for (const [name, value] of Object.entries(attributes)) {
        await page.getByText(`"${name}": "${value}"`).first().waitFor();
      }
    });
    await capture(page, 'search-attributes');
  });
});
