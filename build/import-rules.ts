import { readdirSync } from 'node:fs';
import path from 'node:path';

import type { Folder } from './folders.ts';
import { FOLDERS, KEPT_PACKAGES } from './folders.ts';
import { markdownTable } from './markdown-table.ts';

const ROOT = path.join(import.meta.dirname, '..');
/** The greatest depth of a file below its folder. */
const DEEPEST = 2;
/** The folders that build, try and show the product, which knows nothing of them. */
const BESIDE_THE_PRODUCT = ['bin', 'build', 'demo', 'devcluster', 'test'];

interface Pattern {
  readonly regex?: string;
  readonly group?: string[];
  readonly message: string;
  readonly allowTypeImports?: boolean;
}

export interface Override {
  readonly files: string[];
  readonly rules: { readonly 'no-restricted-imports': ['error', { readonly patterns: Pattern[] }] };
}

/** Turns the table of folders into overrides of the linter, which takes the last one that names a file. */
export function importOverrides(): Override[] {
  const outerFirst = Object.entries(FOLDERS).toSorted(([a], [b]) => levelsOf(a) - levelsOf(b));
  return outerFirst.flatMap(([name, folder]) =>
    Array.from({ length: DEEPEST + 1 }, (_, depth) => ({
      files: [`${name}/${'*/'.repeat(depth)}*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: [...foreignFolders(name, folder, depth), ...foreignPackages(name, folder)] },
        ],
      } satisfies Override['rules'],
    })),
  );
}

/** Renders the same table for people. */
export function folderTable(): string {
  const rows = Object.entries(FOLDERS).map(([name, { does, imports, packages }]) => [
    `\`${name}/\``,
    does,
    codeList(imports, 'itself'),
    packages === undefined ? ['any', ...keptBy(name)].join('; alone ') : codeList(packages, 'none'),
  ]);
  return markdownTable(['folder', 'what it does', 'may import', 'packages'], rows);
}

function codeList(names: readonly string[], none: string): string {
  return names.map((name) => `\`${name}\``).join(', ') || none;
}

/** Returns the packages that only this folder imports, as one item; empty if there are none. */
function keptBy(name: string): string[] {
  const kept = Object.entries(KEPT_PACKAGES).filter(([, keeper]) => keeper === name);
  return kept.length === 0 ? [] : [kept.map(([one]) => `\`${one}\``).join(', ')];
}

/** Forbids imports with so many `../` that they reach a folder outside this folder's line of the table. */
function foreignFolders(name: string, { does, imports }: Folder, depth: number): Pattern[] {
  const message = `${name}/ ${does}. It may import ${imports.join(', ') || 'only itself'}.`;
  const foreign = Object.keys(FOLDERS).filter(
    (other) => other !== name && !imports.some((allowed) => admits(allowed, other)),
  );
  const ups = Array.from({ length: levelsOf(name) }, (_, index) => index + 1);
  return ups.flatMap((up) => {
    const within = name
      .split('/')
      .slice(0, -up)
      .map((part) => `${part}/`)
      .join('');
    const targets = [
      ...foreign.flatMap(ownFiles).filter((target) => target.startsWith(within)),
      ...(within === '' ? BESIDE_THE_PRODUCT.map((beside) => `${beside}/`) : []),
    ].map((target) => target.slice(within.length));
    const start = String.raw`\.\./`.repeat(depth + up);
    return targets.length === 0 ? [] : [{ regex: `^${start}(?:${targets.join('|')})`, message }];
  });
}

function admits(allowed: string, folder: string): boolean {
  const whole = allowed.replace(/\/\*\*$/, '');
  return folder === whole || (whole !== allowed && folder.startsWith(`${whole}/`));
}

/** Returns patterns for the files of a folder without those of an inner folder that has a line of its own. */
function ownFiles(folder: string): string[] {
  const hasInner = Object.keys(FOLDERS).some((name) => name.startsWith(`${folder}/`));
  if (!hasInner) return [`${folder}/`];
  const inner = readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !(`${folder}/${entry.name}` in FOLDERS))
    .map(({ name }) => `${folder}/${name}/`);
  return [`${folder}/[^/]+$`, ...inner];
}

function foreignPackages(name: string, { does, packages }: Folder): Pattern[] {
  if (packages !== undefined) {
    const group = ['*', '!./**', '!../**', ...packages.map((allowed) => `!${allowed}`)];
    return [
      {
        group,
        message: `${name}/ ${does}. It needs no package but ${packages.join(', ') || 'none'}.`,
      },
    ];
  }
  return Object.entries(KEPT_PACKAGES)
    .filter(([, keeper]) => keeper !== name)
    .map(([kept, keeper]) => ({
      regex: `^${kept}$`,
      allowTypeImports: true,
      message:
        keeper === undefined
          ? 'The product takes the types of this package only: development alone installs it (docs/adr/0010).'
          : `Only ${keeper}/ uses values of this package: it is slow to load, or bound to one process.`,
    }));
}

function levelsOf(name: string): number {
  return name.split('/').length;
}
