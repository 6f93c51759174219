import { constants } from 'node:fs';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { BrowserContext } from 'playwright-core';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A cold start on a busy machine of two cores. */
const LAUNCH_DEADLINE_MS = 120_000;

/** Keeps the browser from every server but that of its page. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Finds the Chromium or Chrome on PATH, if there is one. */
export async function findBrowser(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  for (const candidate of folders.flatMap((folder) =>
    NAMES.map((name) => path.join(folder, name)),
  )) {
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
}

/** Opens a headless browser with a profile of its own, which goes with it. */
export async function openBrowser(executablePath: string) {
  const profile = await mkdtemp(path.join(tmpdir(), 'seinode-browser-'));
  const browser: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ARGUMENTS,
    viewport: { width: 1600, height: 1200 },
    timeout: LAUNCH_DEADLINE_MS,
  });
  return {
    browser,
    close: async (): Promise<void> => {
      await browser.close();
      // Helper processes of the browser may still write to it for a moment.
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
