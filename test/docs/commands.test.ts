import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { checkCommand } from './check-command.ts';
import type { Helps } from './program-helps.ts';
import { programHelps } from './program-helps.ts';
import { commandsIn } from './shell-commands.ts';

const root = path.join(import.meta.dirname, '../..');
const documents = ['CONTRIBUTING.md', 'README.md', ...globSync('docs/*.md', { cwd: root })];

/** A machine that has none of the programs yet builds them. */
const INSTALL_MS = 30 * 60_000;

let helps: Helps;
beforeAll(async () => {
  helps = await programHelps();
}, INSTALL_MS);

function check(line: string, markdown = ''): Promise<void> {
  const [command] = commandsIn(`\`\`\`\n${line}\n\`\`\``);
  if (command === undefined) throw new Error(`no command in ${line}`);
  return checkCommand(command, markdown, helps);
}

describe('the commands of the documents', () => {
  it.each(documents)('in %s name what is there', async (document) => {
    const markdown = readFileSync(path.join(root, document), 'utf8');
    const faults = await Promise.all(
      commandsIn(markdown).map((command) =>
        checkCommand(command, markdown, helps).then(
          () => undefined,
          (err: Error) => `${command.text}: ${err.message}`,
        ),
      ),
    );
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
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
    ['docker push IMAGE', 'the document does not say so'],
  ])('that cannot work is found: %s', async (line, message) => {
    await expect(check(line)).rejects.toThrow(message);
  });

  it('that needs what is not here passes where the document says so', async () => {
    await expect(
      check('docker push IMAGE', 'There is no container\nengine there.'),
    ).resolves.toBeUndefined();
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
