import { FOLDERS } from './folders.ts';
import type { Override } from './import-rules.ts';

/** What the devcluster uses of the product, which it plays the surroundings of and else knows nothing about. */
const USED = ['domain', 'kubernetes', 'process'];

/** The one direction between the two packages as overrides of the linter; the product's own hold the other. */
export function devclusterOverrides(): Override[] {
  const folders = new Set(Object.keys(FOLDERS).map((folder) => folder.split('/')[0] ?? ''));
  const unused = [...folders].filter((folder) => !USED.includes(folder));
  return ['*.ts', '*/*.ts'].map((files, depth) => ({
    files: [`devcluster/${files}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^${String.raw`\.\./`.repeat(depth + 1)}(?:${unused.join('|')}|test|demo|build)/`,
              message: `devcluster/ is a package of its own. Of the product it uses ${USED.join(', ')}.`,
            },
          ],
        },
      ],
    },
  }));
}
