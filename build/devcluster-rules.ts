import { FOLDERS } from './folders.ts';
import type { Override } from './import-rules.ts';

/** The folders of the product that the devcluster uses; it plays the product's surroundings, and knows no others. */
const USED = ['domain', 'kubernetes', 'process'];

/** Makes overrides of the linter for this one direction between the two packages; the product's own hold the other. */
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
