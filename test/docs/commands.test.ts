import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { checkCommand } from './check-command.ts';
import { checkIsRun } from './check-is-run.ts';
import type { Helps } from './program-helps.ts';
import { programHelps } from './program-helps.ts';
import { SECTIONS } from './run-by.ts';
import type { DocumentedCommand } from './shell-commands.ts';
import { commandsIn, scriptsIn } from './shell-commands.ts';

const root = path.join(import.meta.dirname, '../..');
const documents = [
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  ...globSync('docs/**/*.md', { cwd: root }),
];

/** A machine that has none of the programs yet builds them. */
const INSTALL_MS = 30 * 60_000;

const NEEDS_ENGINE = 'Not tested here, since it needs a container\nengine:';

function shown(line: string): string {
  return `\`\`\`\n${line}\n\`\`\``;
}

let helps: Helps;
beforeAll(async () => {
  helps = await programHelps();
}, INSTALL_MS);

function theCommand(markdown: string) {
  const [command] = commandsIn(markdown);
  if (command === undefined) throw new Error(`no command in ${markdown}`);
  return command;
}

/** @returns what is wrong with commands, one line each */
async function faultsOf(
  document: string,
  check: (command: DocumentedCommand) => Promise<void>,
): Promise<readonly string[]> {
  const markdown = readFileSync(path.join(root, document), 'utf8');
  const faults = await Promise.all(
    commandsIn(markdown).map((command) =>
      check(command).then(
        () => [],
        (err: Error) => [`${command.text}: ${err.message}`],
      ),
    ),
  );
  return faults.flat();
}

describe('the commands of the documents', () => {
  it.each(documents)('in %s name what is there', async (document) => {
    expect(await faultsOf(document, (command) => checkCommand(command, helps))).toEqual([]);
  });

  it.each(documents)('in %s are run by a test, or say what they need', async (document) => {
    const check = async (command: DocumentedCommand) => checkIsRun(command, document);
    expect(await faultsOf(document, check)).toEqual([]);
  });

  it('are there in each section that a test is to run', () => {
    const missing = Object.entries(SECTIONS).flatMap(([document, sections]) => {
      const scripts = scriptsIn(readFileSync(path.join(root, document), 'utf8'));
      const shown = new Set(
        scripts.flatMap(({ section, needs }) => (needs === undefined ? [section] : [])),
      );
      return Object.keys(sections).filter((section) => !shown.has(section));
    });
    expect(missing).toEqual([]);
  });

  it('are found, in all the documents that have some', () => {
    const found = documents.flatMap((document) =>
      commandsIn(readFileSync(path.join(root, document), 'utf8')),
    );
    const programs = new Set(found.map(({ words }) => words[0]));
    expect([...programs]).toEqual(expect.arrayContaining(['docker', 'kubectl', 'npm', 'temporal']));
    expect(found.length).toBeGreaterThan(50);
  });
});

describe('a command', () => {
  it.each([
    ['npm run no-such-script', 'package.json has no script "no-such-script"'],
    ['npm run cli -- list --no-such-flag', "unknown option '--no-such-flag'"],
    ['seinode resurrect NAME', "unknown command 'resurrect'"],
    ['kubectl seinode status', "missing required argument 'name'"],
    ['seinode status NAME OTHER', 'too many arguments'],
    ['kubectl apply -f deploy/nowhere', 'there is no deploy/nowhere'],
    ['kubectl get snode --until-tomorrow', 'its help knows no flag --until-tomorrow'],
    ['kubectl resurrect snode', '"kubectl resurrect snode" is not in'],
    ['temporal workflow terminate --nam ID', 'its help knows no flag --nam'],
    ['node nowhere.ts', 'there is no nowhere.ts'],
    ['helm install seinode', 'nothing checks commands of helm'],
  ])('that cannot work is found: %s', async (line, message) => {
    const command = theCommand(shown(line));
    await expect(checkCommand(command, helps)).rejects.toThrow(message);
  });

  it.each([
    [
      'a block of a section that no test runs',
      `## Tricks\n\n${shown('kubectl get pods')}`,
      'no test runs the section "Tricks"',
    ],
    ['a block without what it needs', shown('docker push A'), 'nor is it said what it needs'],
    [
      'a need of other commands',
      `${NEEDS_ENGINE}\n\n${shown('kubectl get pods')}`,
      'is no reason for not testing it',
    ],
    [
      'a need that is none',
      `Not tested here, since it needs courage:\n\n${shown('docker push A')}`,
      '"needs courage" is no reason',
    ],
    [
      'a need that is said of another block',
      `${NEEDS_ENGINE}\n\nMore.\n\n${shown('docker push A')}`,
      'nor is it said what it needs',
    ],
    ['a script', 'Type `npm run everything`.', 'no test runs "npm run everything"'],
    [
      'a script with arguments that no test gives',
      shown('npm run set-up -- --retention 9'),
      'no test runs the section',
    ],
    [
      'a mention',
      'Type `kubectl drain NODE`.',
      'no block of a document shows "kubectl drain NODE"',
    ],
  ])('that no test runs is found: %s', (_, markdown, message) => {
    expect(() => checkIsRun(theCommand(markdown), 'docs/install.md')).toThrow(message);
  });

  it.each([
    ['a block that says what it needs', `${NEEDS_ENGINE}\n\n${shown('docker push IMAGE')}`],
    [
      'a mention that says so',
      'Type `docker push IMAGE` (not tested, it needs a container engine).',
    ],
    ['a block of a section that a test runs', `## 4. The CRD\n\n${shown('kubectl get crd')}`],
    ['a script that a test runs', 'Type `npm run set-up`.'],
    ['a mention of what a block shows', 'Type `kubectl get snode`.'],
  ])('that is run, or says what it needs, passes: %s', (_, markdown) => {
    expect(() => checkIsRun(theCommand(markdown), 'docs/install.md')).not.toThrow();
  });
});

describe('a block of a document', () => {
  it('is read as a shell would', () => {
    const markdown = [
      '```',
      "A=1 one --flag='two words'   # a remark",
      'two \\',
      '  --more > file',
      'export B=2',
      'three | four &',
      '```',
      '```yaml',
      'no: command',
      '```',
      'Type `npm run five`, not `six`.',
    ].join('\n');
    expect(commandsIn(markdown).map(({ words }) => words)).toEqual([
      ['one', '--flag=two words'],
      ['two', '--more'],
      ['export', 'B=2'],
      ['three'],
      ['four'],
      ['npm', 'run', 'five'],
    ]);
  });
});
