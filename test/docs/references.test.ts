import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { FOLDERS } from '../../build/folders.ts';

const root = path.join(import.meta.dirname, '../..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...globSync('{docs,devcluster}/**/*.md', { cwd: root }),
];

const LINK = /\]\(([^)\s]+)\)/g;
/** A path of the repository with a folder, in code. */
const NAMED = new RegExp(
  `\`((?:${[...Object.keys(FOLDERS), 'bin', 'build', 'deploy', 'devcluster', 'docs', 'test'].join('|')})/[\\w./-]*)\``,
  'g',
);

function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** Patterns of a schema look like links. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(/`[^`\n]*`/g, '');
}

/** As GitHub names the heading in an address. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function isThere(link: string, document: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? document : path.join(path.dirname(document), file);
  if (!existsSync(path.join(root, target))) return false;
  return anchor === undefined || anchorsOf(textOf(target)).includes(anchor);
}

describe.each(documents)('%s', (document) => {
  it('links to what is there', () => {
    const links = [...withoutCode(textOf(document)).matchAll(LINK)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !isThere(link, document))).toEqual([]);
  });

  it('names files and folders that are there', () => {
    const names = [...textOf(document).matchAll(NAMED)].map(([, name = '']) => name);
    expect(names.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});

/** A file of tests, and the words of titles in it that follow. */
const TESTS_NAMED = /`([\w./-]+\.test\.ts)`((?: "[^"\n]+",?)*)/g;

describe('docs/design.md', () => {
  it('quotes titles of tests that are there', () => {
    const missing = [...textOf('docs/design.md').matchAll(TESTS_NAMED)].flatMap(
      ([, file = '', quoted = '']) => {
        const files = globSync(`test/**/${path.basename(file)}`, { cwd: root });
        const text = files.map(textOf).join('\n');
        const words = [...quoted.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
        return words.filter((title) => !text.includes(title)).map((title) => `${file} "${title}"`);
      },
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  it('says of each alert what to look at', () => {
    const rules = textOf('deploy/monitoring/seinode-rules.yaml');
    const alerts = [...rules.matchAll(/alert: (\w+)/g)].map(([, alert = '']) => alert);
    expect(alerts).not.toEqual([]);
    const operations = textOf('docs/operations.md');
    expect(alerts.filter((alert) => !operations.includes(`| \`${alert}\``))).toEqual([]);
  });
});
