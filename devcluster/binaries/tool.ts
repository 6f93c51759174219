/** The tools of every devcluster, in the order in which they are built: short builds first, so that something happens. */
export const toolNames = [
  'etcd',
  'kwokctl',
  'kwok',
  'temporal',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
] as const;

/** The further tools of a devcluster whose Temporal keeps its state in PostgreSQL. */
export const postgresqlToolNames = ['ui-server', 'temporal-sql-tool', 'temporal-server'] as const;

export type ToolName = (typeof toolNames)[number] | (typeof postgresqlToolNames)[number];

/** Absolute path of the executable of each tool. */
export type BinariesOf<Name extends ToolName> = Readonly<Record<Name, string>>;

/** Those of every devcluster. */
export type Binaries = BinariesOf<(typeof toolNames)[number]>;

/** A program that the devcluster runs, and everything about where it can come from. */
export interface Tool {
  readonly name: ToolName;
  /** The version to download or build, without a leading `v`. */
  readonly version: string;
  /** The range of versions that are good enough if installed: `from` is included, `below` is not. */
  readonly accepts: { readonly from: string; readonly below: string };
  readonly environment: readonly EnvironmentSource[];
  /** Arguments that make it print its version. */
  readonly versionArguments: readonly string[];
  release(platform: Platform): Release;
  readonly build: GoBuild;
}

/**
 * An environment variable that may name the program. A program that the project's own variable names is taken as it is;
 * one that a variable of other projects names counts only in a version that is good enough.
 */
export interface EnvironmentSource {
  readonly variable: string;
  readonly holds: 'program' | 'folder';
  readonly owner: 'project' | 'shared';
}

export interface Platform {
  readonly os: 'linux';
  readonly arch: 'amd64' | 'arm64';
}

interface Release {
  /** The program itself, or a gzipped tar archive that has it. */
  readonly url: string;
  /** Path of the program in the archive; absent if the URL is the program. */
  readonly member?: string;
  readonly checksum: ChecksumSource;
}

/** The place where the SHA-256 of a release is published. */
export type ChecksumSource =
  /** A text with the checksum alone, or with lines of checksum and file name. */
  | { readonly kind: 'file'; readonly url: string }
  /** The description of a GitHub release, which has the digest of each of its files. */
  | { readonly kind: 'github-release'; readonly url: string };

interface GoBuild {
  /** Folder under devcluster/tools with the go.mod and go.sum that pin the program. */
  readonly module: string;
  readonly package: string;
  readonly ldflags: string;
}
