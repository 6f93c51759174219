import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';

import { eventually } from '../eventually.ts';
import type { Testbed } from '../testbed/testbed.ts';
import { findBrowser, openBrowser } from './browser.ts';

/** The browser that the Web UI is tested in; undefined where this machine has none. */
export const browserExecutable = await findBrowser();

const SCREENSHOTS = fileURLToPath(new URL('../../../test-results/web-ui', import.meta.url));
/** Of a page on the same machine, which may be a busy one. */
const DEADLINE_MS = 30_000;
/** Some attempts at a page. */
const VISIT_DEADLINE_MS = 150_000;

/** A blank page. `onCleanup` gets what closes its browser. */
export async function openPage(onCleanup: (close: () => Promise<void>) => void): Promise<Page> {
  const { browser, close } = await openBrowser(browserExecutable ?? '');
  onCleanup(close);
  await mkdir(SCREENSHOTS, { recursive: true });
  browser.setDefaultTimeout(DEADLINE_MS);
  return browser.newPage();
}

/**
 * Goes to the page until it shows what it is to show: some of that the page asks for only once, when
 * it is loaded.
 */
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

/** For people: tests look at the page itself. */
export async function capture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
}

/** Where the Web UI lists the runs of all nodes. */
export function workflowsUrl({ cluster }: Testbed): string {
  return `${cluster.temporalUiUrl}/namespaces/${cluster.namespace}/workflows`;
}

/** Where the Web UI shows one run. */
export function runUrl(bed: Testbed, run: { workflowId: string; runId: string }): string {
  return `${workflowsUrl(bed)}/${encodeURIComponent(run.workflowId)}/${run.runId}`;
}
