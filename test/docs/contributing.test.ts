import { describe, expect, it } from 'vitest';

import { folderTable } from '../../build/import-rules.ts';
import { goldenPart } from './golden-document.ts';

describe('CONTRIBUTING.md', () => {
  it('has the table of folders that the linter holds', () => {
    const table = folderTable();
    expect(
      goldenPart('CONTRIBUTING.md', 'folders', table),
      'stale: write it with UPDATE_GOLDENS=1',
    ).toBe(table);
  });
});
