import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const folder = path.join(import.meta.dirname, '..', '..', '.github', 'workflows');
const workflows = readdirSync(folder).map((file) => {
  const text = readFileSync(path.join(folder, file), 'utf8');
  return { file, text, workflow: parse(text) as Workflow };
});
const stepsOf = ({ jobs }: Workflow): readonly Step[] =>
  Object.values(jobs).flatMap(({ steps }) => steps);

describe.for(workflows)('the workflow $file', ({ text, workflow }) => {
  test('uses actions by commit, with the version beside it', () => {
    const uses = text.split('\n').filter((line) => line.includes('uses:'));
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('may only read unless a job asks for more', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  test('leaves no credentials in a checkout', () => {
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(
      checkouts.map(() => false),
    );
  });

  test('hands nothing that others write to a shell as code', () => {
    const commands = stepsOf(workflow).flatMap(({ run }) => run ?? []);
    expect(commands.filter((command) => command.includes('${{'))).toEqual([]);
  });
});

describe('the release', () => {
  const { jobs } = workflows.find(({ file }) => file === 'release.yml')?.workflow ?? { jobs: {} };
  const steps = stepsOf({ jobs });

  test('has an SBOM, provenance and a signature of the very image and of each platform', () => {
    const build = steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'));
    expect(build?.with).toMatchObject({ sbom: true, provenance: 'mode=max' });
    expect(steps.some(({ run }) => run === 'cosign sign --yes --recursive "$IMAGE@$DIGEST"')).toBe(
      true,
    );
    expect(steps.some(({ run }) => run?.includes('test "sha256:$pushed" = "$DIGEST"'))).toBe(true);
  });

  test('is built, signed and published by jobs of which none has the rights of another', () => {
    const rights = Object.entries(jobs).map(([name, { permissions = {} }]) => [
      name,
      Object.keys(permissions).filter((right) => permissions[right] === 'write'),
    ]);
    expect(Object.fromEntries(rights)).toEqual({
      test: [],
      build: [],
      sign: ['packages', 'id-token', 'attestations'],
      publish: ['contents'],
    });
    expect(jobs['sign']?.environment).toBe('release');
  });

  test('runs no code of the repository or of a package where something may be written', () => {
    const writers = [jobs['sign'], jobs['publish']];
    const ran = writers.flatMap((job) => job?.steps ?? []);
    expect(ran.length).toBeGreaterThan(5);
    expect(ran.filter(({ uses }) => uses?.startsWith('actions/checkout@'))).toEqual([]);
    expect(ran.filter(({ run }) => /\b(?:npm|node|npx)\b/.test(run ?? ''))).toEqual([]);
  });

  test('builds with programs that are named by digest', () => {
    const options = steps.flatMap(({ uses = '', with: given }) =>
      uses.startsWith('docker/setup-') ? [String(given?.['image'] ?? given?.['driver-opts'])] : [],
    );
    expect(options).toHaveLength(2);
    expect(options.filter((option) => !/@sha256:[0-9a-f]{64}$/.test(option))).toEqual([]);
  });

  test('has its attestations among its files', () => {
    const bundles = steps.flatMap(({ run = '' }) => [...run.matchAll(/\S+\.intoto\.jsonl/g)]);
    expect(bundles).toHaveLength(2);
  });
});

describe('the rights of all workflows', () => {
  test('are those that were thought of', () => {
    const rights = workflows.flatMap(({ file, workflow }) =>
      Object.entries(workflow.jobs).flatMap(([job, { permissions = {} }]) =>
        Object.entries(permissions)
          .filter(([, right]) => right !== 'read')
          .map(([right]) => `${file} ${job}: ${right}`),
      ),
    );
    expect(rights.toSorted()).toEqual([
      'release.yml publish: contents',
      'release.yml sign: attestations',
      'release.yml sign: id-token',
      'release.yml sign: packages',
      'scorecard.yml scorecard: id-token',
      'scorecard.yml scorecard: security-events',
      'security.yml code: security-events',
    ]);
  });
});
