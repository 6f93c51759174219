import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';

import { eventually } from '../eventually.ts';
import type { Testbed } from '../testbed/testbed.ts';
import { findBrowser, openBrowser } from './browser.ts';

/** The browser that tests of the Web UI use; undefined where this machine has none. */
export const browserExecutable = await findBrowser();

const SCREENSHOTS = fileURLToPath(new URL('../../../test-results/web-ui', import.meta.url));
/** The deadline of a page on the same machine, which may be a busy one. */
const DEADLINE_MS = 30_000;
/** Time for some attempts at a page. */
const VISIT_DEADLINE_MS = 150_000;

/** Opens a blank page. `onCleanup` receives a function that closes its browser. */
export async function openPage(onCleanup: (close: () => Promise<void>) => void): Promise<Page> {
  const { browser, close } = await openBrowser(browserExecutable ?? '');
  onCleanup(close);
  await mkdir(SCREENSHOTS, { recursive: true });
  browser.setDefaultTimeout(DEADLINE_MS);
  return browser.newPage();
}

/** Visits the page until it shows what it is to show: it requests some of that only once, when it is loaded. */
export async function visit(page: Page, url: string, shows: () => Promise<unknown>): Promise<void> {
  await eventually(
    `${url} shows it`,
    async () => {
      await page.goto(url);
      await shows();
      return true;
    },
    VISIT_DEADLINE_MS,
  );
}

/** Saves a picture for people: tests look at the page itself. */
export async function capture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
}

/** Returns the address at which the Web UI lists the runs of all nodes. */
export function workflowsUrl({ cluster }: Testbed): string {
  return `${cluster.temporalUiUrl}/namespaces/${cluster.namespace}/workflows`;
}

/** Returns the address at which the Web UI shows one run. */
export function runUrl(bed: Testbed, run: { workflowId: string; runId: string }): string {
  return `${workflowsUrl(bed)}/${encodeURIComponent(run.workflowId)}/${run.runId}`;
}
