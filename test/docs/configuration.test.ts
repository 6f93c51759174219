import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { configurationReference } from '../../build/configuration-reference.ts';
import { CONFIGURATION_SECTIONS } from '../../build/configuration-sections.ts';
import { optionVariables } from '../../build/option-variables.ts';
import { goldenDocument } from './golden-document.ts';

const root = path.join(import.meta.dirname, '../..');
const PRODUCT =
  '{activities,cli,domain,kubernetes,manifests,metrics,observation,process,settings,sidecar,starter,temporal,worker,workflows}/**/*.ts';
/** The whole name: `SEINODE_X_*` in a comment names a family. */
const VARIABLE = /\b(?:SEINODE|SEI)_[A-Z][A-Z_]*[A-Z]\b(?!_)/g;

const reference = configurationReference(CONFIGURATION_SECTIONS, optionVariables());

describe('docs/configuration.md', () => {
  it('is what the code makes', () => {
    expect(
      goldenDocument('configuration.md', reference),
      'stale: write it with UPDATE_GOLDENS=1',
    ).toBe(reference);
  });

  it('has every variable of the operator that the product names', () => {
    const named = [...variablesIn(globSync(PRODUCT, { cwd: root }))].filter(
      (name) =>
        // Other SEI_* names are variables of pods, and constants.
        name.startsWith('SEINODE_') &&
        // By which what starts the command line tells it its name; nothing for people.
        name !== 'SEINODE_PROGRAM',
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
  });

  it('has every variable that another document names', () => {
    const named = variablesIn(['README.md', ...globSync('docs/*.md', { cwd: root })]);
    // The id of a person, for docker compose.
    named.delete('SEINODE_UID');
    // A file of variables, for docker compose.
    named.delete('SEINODE_SETTINGS');
    expect([...named].filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
  });

  it('cannot be made with a setting that nobody described', () => {
    const schema = z.object({ SEINODE_SECRET_SWITCH: z.string() });
    const section = { title: 'New', introduction: '', schema, noun: 'variable' } as const;
    expect(() => configurationReference([section], [])).toThrow(
      'SEINODE_SECRET_SWITCH has no description',
    );
  });
});

function variablesIn(files: readonly string[]): Set<string> {
  const texts = files.map((file) => readFileSync(path.join(root, file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(VARIABLE)].map(([name]) => name)));
}
