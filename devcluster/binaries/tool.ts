/** In the order in which they are built: short ones first, so that something is seen to happen. */
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

export type ToolName = (typeof toolNames)[number];

/** Absolute path of the executable of each tool. */
export type Binaries = Readonly<Record<ToolName, string>>;

/** A program that the devcluster runs, and everything about where it can come from. */
export interface Tool {
  readonly name: ToolName;
  /** The version that is downloaded or built, without a leading `v`. */
  readonly version: string;
  /** What is good enough when it is there already: `from` is included, `below` is not. */
  readonly accepts: { readonly from: string; readonly below: string };
  readonly environment: readonly EnvironmentSource[];
  /** Arguments that make it print its version. */
  readonly versionArguments: readonly string[];
  release(platform: Platform): Release;
  readonly build: GoBuild;
}

/**
 * An environment variable that may name the program. One of the project's own is taken as it is; one
 * that other projects use too counts only where the version is good enough.
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
  /** Path of the program in the archive; none if the URL is the program. */
  readonly member?: string;
  readonly checksum: ChecksumSource;
}

/** Where the SHA-256 of a release is published. */
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
