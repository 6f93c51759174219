import { cacheDirectory } from '../cache-directory.ts';
import { withLock } from '../lock.ts';
import { silent } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { catalogue } from './catalogue.ts';
import { findInstalled } from './find-installed.ts';
import { hostPlatform } from './host-platform.ts';
import { installTools } from './install-tools.ts';
import { releaseDownloads } from './release-downloads.ts';
import { releaseHashes } from './release-hashes.ts';
import type { ReleaseHashes } from './release-hashes.ts';
import { postgresqlToolNames, toolNames } from './tool.ts';
import type { Binaries, BinariesOf, Tool, ToolName } from './tool.ts';

export interface BinariesOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  /** The hashes that releases must have; by default those that this repository knows. */
  readonly hashes?: ReleaseHashes;
}

/** Finds, downloads or builds the programs of every devcluster. */
export function ensureBinaries(options?: BinariesOptions): Promise<Binaries> {
  return ensure(toolNames, options);
}

/** Does the same for the further programs of a Temporal server on PostgreSQL; nobody else has to wait for them. */
export function ensurePostgresqlBinaries(
  options?: BinariesOptions,
): Promise<BinariesOf<(typeof postgresqlToolNames)[number]>> {
  return ensure(postgresqlToolNames, options);
}

/**
 * Finds each of these programs: named by the environment, on PATH in a version that works, or in the
 * cache. Downloads the release of any other into the cache, or builds it there. Processes that start at once install
 * nothing twice.
 *
 * @throws when there is no way to get a program, with what a person can do
 */
async function ensure<Name extends ToolName>(
  names: readonly Name[],
  options: BinariesOptions = {},
): Promise<BinariesOf<Name>> {
  const { env = process.env, progress = silent, hashes = releaseHashes } = options;
  const tools = catalogue.filter(({ name }) => (names as readonly ToolName[]).includes(name));
  const search: Search = { env, progress, hashes, platform: hostPlatform(), noted: new Set() };
  const before = await findAll(tools, search);
  if (before.missing.length === 0) return complete(names, before.found);

  const waiting = (): void => progress.note('Waiting for another process to install the binaries');
  await withLock(cacheDirectory(env), () => installMissing(tools, search), waiting);
  return complete(names, (await findAll(tools, search)).found);
}

interface Search {
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly hashes: ReleaseHashes;
  readonly platform: ReturnType<typeof hostPlatform>;
  /** The lines that were already written. */
  readonly noted: Set<string>;
}

async function installMissing(tools: readonly Tool[], search: Search): Promise<void> {
  const downloads = releaseDownloads(search.env);
  try {
    // The previous holder of the lock may have installed them.
    const { missing } = await findAll(tools, search);
    await installTools(missing, { ...search, downloads });
  } finally {
    await downloads.close();
  }
}

type Found = ReadonlyMap<ToolName, string>;

async function findAll(
  tools: readonly Tool[],
  { env, platform, progress, noted }: Search,
): Promise<{ readonly found: Found; readonly missing: readonly Tool[] }> {
  const noteOnce = (line: string): void => {
    if (!noted.has(line)) progress.note(line);
    noted.add(line);
  };
  const found = new Map<ToolName, string>();
  await Promise.all(
    tools.map(async (tool) => {
      const path = await findInstalled(tool, platform, env, noteOnce);
      if (path !== undefined) found.set(tool.name, path);
    }),
  );
  return { found, missing: tools.filter(({ name }) => !found.has(name)) };
}

function complete<Name extends ToolName>(names: readonly Name[], found: Found): BinariesOf<Name> {
  const paths = names.map((name) => {
    const path = found.get(name);
    if (path === undefined) throw new Error(`${name} vanished from the cache; run again`);
    return [name, path] as const;
  });
  return Object.fromEntries(paths) as BinariesOf<Name>;
}
