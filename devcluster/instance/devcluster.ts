import type { Progress } from '../progress.ts';

/** A running instance. */
export interface Devcluster {
  readonly name: string;
  readonly kubeconfigPath: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string;
  /** The Temporal namespace. */
  readonly namespace: string;
  /** The loopback addresses of its pods, such as `127.81.0.0/16`. */
  readonly cidr: string;
  /** The port at which the sidecar of each pod answers. */
  readonly sidecarPort: number;
  /** The address, for `SidecarAdmin`, at which tests order faults of the sidecars. */
  readonly sidecarAdminUrl: string;
  /** The addresses and platform settings that a worker and a watcher need to use this instance. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder with one log file for each server. */
  readonly logs: string;
  /** File with what the API server audits, if the instance was brought up with an `auditPolicy`. */
  readonly auditLog: string;

  /**
   * Runs kubectl against this instance.
   *
   * @returns what it wrote to standard output
   * @throws {ProgramError} when it ends with another exit code than 0
   */
  kubectl(args: readonly string[], options?: { readonly input?: string }): Promise<string>;

  /** Ends the Temporal server. A store in memory is lost. */
  stopTemporal(): Promise<void>;

  /** Starts it again at the same address; with `emptied`, removes what it stored in a file or in PostgreSQL first. */
  startTemporal(options?: { readonly emptied?: boolean }): Promise<void>;

  /** Ends every process of the instance and removes its files. */
  down(): Promise<void>;
}

export interface BringUpOptions {
  /** Lower-case letters, digits and dashes; one instance of a name at a time. */
  readonly name: string;
  /**
   * `owned`: ends when this process does, however it ends; the next start of any instance cleans up what even SIGKILL
   * leaves behind. `kept`: stays until it is taken down.
   */
  readonly lifetime?: 'owned' | 'kept';
  /**
   * The place of the Temporal server's state; `none` starts no server. By default in memory. `memory` and `file` are
   * the dev server; `postgres` is the server of an installation.
   */
  readonly temporalStore?: 'none' | 'memory' | 'file' | 'postgres';
  /** A file with the audit policy of the API server, which then writes `auditLog`. By default it audits nothing. */
  readonly auditPolicy?: string;
  /** Receives what takes long; silent by default. */
  readonly progress?: Progress;
}
