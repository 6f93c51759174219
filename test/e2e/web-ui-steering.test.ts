import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';

import { browserExecutable, capture, openPage, runUrl, visit } from '../support/servers/web-ui.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { runOf } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { CANNOT_PULL, healPod } from './stuck-updates.ts';

/** Texts that anybody who may send a signal would like others to click on. */
const LINKS = 'see [here](http://a.example) <http://b.example> ![c](http://c.example/d.png)';

const it = testbedTest('web-ui-steering', ['worker', 'watcher'])
  .extend('update', { scope: 'file' }, async ({ bed }) => {
    await bed.nodes.createRunning('n0', V1);
    await bed.runs.closed(bed.key('n0'));
    await bed.nodes.setImage('n0', CANNOT_PULL);
    await bed.nodes.until(
      'n0',
      'it is stalled',
      (node) => conditionOf(node, 'Stalled') === 'True/ImagePullBackOff',
    );
    return runUrl(bed, await runOf(bed, 'n0').describe());
  })
  .extend('page', { scope: 'file' }, ({ bed: _bed }, { onCleanup }) => openPage(onCleanup));

describe.skipIf(browserExecutable === undefined)('the Web UI', () => {
  it('makes no link and no picture of what a message says', async ({ bed, update, page }) => {
    await runOf(bed, 'n0').signal('pause', { reason: LINKS, actor: 'jo' });
    const details = page.frameLocator('iframe >> nth=1');
    await visit(page, `${update}/user-metadata`, () =>
      details.getByText(`held by jo (${LINKS})`).first().waitFor(),
    );
    expect(await details.locator('a, img').count()).toBe(0);
    await runOf(bed, 'n0').signal('resume');
    await bed.nodes.until('n0', 'it is held no more', ({ status }) => !status?.hold);
  });

  it('holds an update by a signal, shows that, and lets it go on by another', async ({
    bed,
    update,
    page,
  }) => {
    await page.goto(`${update}/history`);
    await sendSignal(page, 'pause', { reason: 'the registry is down', actor: 'jo' });
    const held = await bed.nodes.until('n0', 'it is held', ({ status }) => !!status?.hold);
    expect(held.status?.hold).toMatchObject({ reason: 'the registry is down', actor: 'jo' });

    const details = page.frameLocator('iframe >> nth=1');
    await visit(page, `${update}/user-metadata`, () =>
      details.getByText('held by jo (the registry is down)').waitFor(),
    );
    await capture(page, 'held');

    await healPod(bed, 'n0');
    await page.goto(`${update}/history`);
    await sendSignal(page, 'resume');
    await bed.nodes.untilSettledOn('n0', CANNOT_PULL);
    await visit(page, `${update}/history`, () =>
      page.getByText('Completed', { exact: true }).first().waitFor(),
    );
  });
});

async function sendSignal(page: Page, name: string, input?: object): Promise<void> {
  await page.getByRole('button', { name: 'More Actions' }).first().click();
  await page.getByRole('menu').getByText('Send a Signal').first().click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Send a Signal' });
  await dialog
    .getByRole('button', { name: 'Select a signal' })
    .or(dialog.getByText('Select a signal'))
    .first()
    .click();
  await dialog
    .getByRole('option')
    .filter({ has: page.getByText(name, { exact: true }) })
    .click();
  if (input !== undefined) {
    await dialog.getByRole('textbox').last().fill(JSON.stringify(input));
  }
  await capture(page, `signal-${name}`);
  await dialog.getByRole('button', { name: 'Submit' }).click();
  await dialog.waitFor({ state: 'hidden' });
}
