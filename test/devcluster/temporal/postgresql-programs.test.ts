import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findPostgresql } from '../../../devcluster/temporal/postgresql-programs.ts';
import { writeProgram } from '../shell-program.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const PACKAGED = '/usr/lib/postgresql';

describe('findPostgresql', () => {
  it('takes the programs of the folder that the environment names', async () => {
    const folder = await temporaryDirectory();
    for (const program of ['initdb', 'postgres', 'pg_isready']) {
      await writeProgram(join(folder, program));
    }
    expect(findPostgresql({ SEINODE_DEVCLUSTER_POSTGRESQL: folder })).toEqual({
      initdb: join(folder, 'initdb'),
      postgres: join(folder, 'postgres'),
      pg_isready: join(folder, 'pg_isready'),
    });
  });

  it('refuses a folder that lacks one of them', async () => {
    const folder = await temporaryDirectory();
    await writeProgram(join(folder, 'postgres'));
    expect(() => findPostgresql({ SEINODE_DEVCLUSTER_POSTGRESQL: folder })).toThrow(
      `SEINODE_DEVCLUSTER_POSTGRESQL=${folder} does not have initdb, postgres, pg_isready; correct or unset it`,
    );
  });

  it.runIf(existsSync(PACKAGED))('finds that of the packages', () => {
    expect(findPostgresql({}).postgres).toMatch(new RegExp(`^${PACKAGED}/\\d+/bin/postgres$`));
  });

  it.skipIf(existsSync(PACKAGED))('says what to install where there is none', () => {
    expect(() => findPostgresql({})).toThrow(
      'install the package postgresql, or set SEINODE_DEVCLUSTER_POSTGRESQL',
    );
  });
});
