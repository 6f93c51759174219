import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { folderTable, importOverrides } from '../../build/import-rules.ts';

const LINTER = path.join(import.meta.dirname, '../../node_modules/oxlint/bin/oxlint');

/** A file, and an import that the table of folders refuses in it. */
const REFUSED = [
  ['domain/node/target.ts', "import { a } from '../work/drift.ts';"],
  ['domain/work/drift.ts', "import { a } from '../../kubernetes/cluster.ts';"],
  ['domain/work/drift.ts', "import { z } from 'zod';"],
  ['domain/work/drift.ts', "import { readFile } from 'node:fs/promises';"],
  ['domain/work/drift.ts', "import { bed } from '../../test/support/bed.ts';"],
  ['workflows/drive.ts', "import { a } from '../activities/index.ts';"],
  ['workflows/drive.ts', "import { Client } from '@temporalio/client';"],
  ['activities/mark-ready.ts', "import { a } from '../worker/main.ts';"],
  ['kubernetes/api/client.ts', "import { a } from '../watch/mirror.ts';"],
  ['kubernetes/api/client.ts', "import { a } from '../cluster.ts';"],
  ['kubernetes/node-status.ts', "import { CoreV1Api } from '@kubernetes/client-node';"],
  ['kubernetes/api/client.ts', "import { CoreV1Api } from '@kubernetes/client-node';"],
  ['starter/watcher.ts', "import { Worker } from '@temporalio/worker';"],
  ['starter/watcher.ts', "import { a } from '../activities/deps.ts';"],
  ['starter/leadership/candidate.ts', "import { a } from '../../cli/main.ts';"],
  ['cli/node/next-action.ts', "import { a } from '../screens/table.ts';"],
  ['cli/screens/table.ts', "import { a } from '../commands/list.ts';"],
  ['cli/commands/list.ts', "import { a } from '../../workflows/index.ts';"],
  ['cli/commands/list.ts', "import { a } from '../../devcluster/main.ts';"],
] as const;

/** A file, and an import that the table admits in it. */
const ADMITTED = [
  ['domain/work/drift.ts', "import { a } from './stall.ts';"],
  ['domain/work/drift.ts', "import { a } from '../node/target.ts';"],
  ['workflows/drive.ts', "import { a } from '../activities/contract/begin.ts';"],
  ['workflows/drive.ts', "import { condition } from '@temporalio/workflow';"],
  ['activities/mark-ready.ts', "import { a } from '../kubernetes/watch/mirror.ts';"],
  ['worker/main.ts', "import { Worker } from '@temporalio/worker';"],
  ['kubernetes/node-status.ts', "import type { V1Pod } from '@kubernetes/client-node';"],
  ['kubernetes/watch/mirror.ts', "import { a } from '../cluster.ts';"],
  ['starter/leadership/candidate.ts', "import { a } from '../../process/logger.ts';"],
  ['starter/watcher.ts', "import { readFile } from 'node:fs/promises';"],
  ['cli/commands/list.ts', "import { a } from '../node/next-action.ts';"],
  ['test/domain/work/drift.test.ts', "import { a } from '../../../domain/work/drift.ts';"],
] as const;

const LINES = [...REFUSED, ...ADMITTED];

let root: string;
let faults: readonly string[];

/** All the examples are linted at once, each in a file of its own beside the one that it is an example of. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'seinode-import-rules-'));
  await Promise.all(
    LINES.map(async ([file, line], index) => {
      await mkdir(path.join(root, path.dirname(file)), { recursive: true });
      await writeFile(path.join(root, exampleOf(file, index)), `${line}\n`);
    }),
  );
  const config = { categories: { correctness: 'off' }, overrides: importOverrides() };
  await writeFile(path.join(root, '.oxlintrc.json'), JSON.stringify(config));
  faults = await lint(root);
});

afterAll(() => rm(root, { recursive: true, force: true }));

function exampleOf(file: string, index: number): string {
  return `${file.replace(/\.ts$/, '')}-${index}.ts`;
}

/** @returns the files that the linter finds fault with */
async function lint(cwd: string): Promise<readonly string[]> {
  const output = await new Promise<string>((resolve) => {
    // Its exit code is that of its findings.
    execFile(process.execPath, [LINTER, '--format', 'json', '.'], { cwd }, (_, stdout) => {
      resolve(stdout);
    });
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string }[] };
  return diagnostics.map(({ filename }) => filename);
}

describe('the linter', () => {
  it.each(REFUSED.map((example, index) => [...example, index] as const))(
    'refuses in %s: %s',
    (file, _, index) => {
      expect(faults).toContain(exampleOf(file, index));
    },
  );

  it.each(ADMITTED.map((example, index) => [...example, index] as const))(
    'admits in %s: %s',
    (file, _, index) => {
      expect(faults).not.toContain(exampleOf(file, REFUSED.length + index));
    },
  );
});

describe('the table of folders', () => {
  it('has the folders in their order, with the allowed imports of each', () => {
    const rows = folderTable().split('\n');
    expect(rows[0]).toMatch(/^\| folder +\| what it does +\| may import +\| packages +\|$/);
    expect(rows[2]).toMatch(/^\| `domain\/` +\| decides, .* \| itself +\| none +\|$/);
    expect(rows).toContainEqual(expect.stringMatching(/^\| `worker\/` .* any; alone `@temporalio/));
    expect(rows.at(-1)).toMatch(/^\| `cli\/` /);
  });
});
