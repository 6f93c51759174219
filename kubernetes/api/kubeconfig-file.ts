import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { parse } from 'yaml';
import { toDotPath } from 'zod/v4/core';

import { syntaxFault } from '../../domain/text/syntax-fault.ts';
import type { ParsedUser } from './kubeconfig-schema.ts';
import { kubeconfigSchema } from './kubeconfig-schema.ts';

/** A certificate or key, as the kubeconfig names it. Files are read when they are needed. */
export type Material =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'data'; readonly base64: string };

export interface ClusterEntry {
  readonly server: string;
  readonly certificateAuthority: Material | undefined;
  readonly skipTlsVerify: boolean;
  readonly tlsServerName: string | undefined;
  /** http, https or socks5. */
  readonly proxyUrl: string | undefined;
}

export interface UserEntry {
  readonly token: string | undefined;
  /** Wins over `token`. */
  readonly tokenFile: string | undefined;
  readonly certificate: Material | undefined;
  readonly key: Material | undefined;
  readonly basic: { readonly username: string; readonly password: string } | undefined;
  readonly impersonate: Impersonation | undefined;
  /** The program that hands out a token or a certificate. */
  readonly exec: ExecEntry | undefined;
  readonly authProvider: AuthProviderEntry | undefined;
}

export interface ExecEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface AuthProviderEntry {
  readonly name: string;
  readonly idToken: string | undefined;
}

/** Each part of it takes rights away: without one of them we might have more than kubectl. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid: string | undefined;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

interface ContextEntry {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string | undefined;
}

export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
}

/** @throws Error that names the file and every field of it that cannot be used. */
export function readKubeconfigFile(path: string): Kubeconfig {
  const parsed = kubeconfigSchema.safeParse(readYaml(path));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) =>
      [toDotPath(issue.path), issue.message].filter((part) => part !== '').join(': '),
    );
    throw unusable(path, problems.join('; '));
  }
  // Paths in a kubeconfig are relative to it.
  const at = (file: string): string => resolve(dirname(path), file);
  const { contexts, clusters, users } = parsed.data;
  return {
    currentContext: parsed.data['current-context'],
    contexts: new Map(contexts?.map(({ name, context }) => [name, context])),
    clusters: new Map(
      clusters?.map(({ name, cluster }) => [
        name,
        {
          server: cluster.server.replace(/\/+$/, ''),
          certificateAuthority: material(
            cluster['certificate-authority'],
            cluster['certificate-authority-data'],
            at,
          ),
          skipTlsVerify: cluster['insecure-skip-tls-verify'] ?? false,
          tlsServerName: cluster['tls-server-name'],
          proxyUrl: cluster['proxy-url'],
        },
      ]),
    ),
    users: new Map(users?.map(({ name, user }) => [name, userEntry(user, at)])),
  };
}

function readYaml(path: string): unknown {
  try {
    // A warning would print the lines that it is about.
    return parse(readFileSync(path, 'utf8'), { logLevel: 'error' });
  } catch (err) {
    const fault = syntaxFault(err);
    if (fault !== undefined) throw unusable(path, `it is not YAML: ${fault}`);
    throw unusable(path, (err as Error).message, { cause: err });
  }
}

function unusable(path: string, why: string, options?: ErrorOptions): Error {
  const remedy = 'fix it, or name another with KUBECONFIG';
  return new Error(`Kubeconfig ${path} cannot be used: ${why}; ${remedy}`, options);
}

function userEntry(user: ParsedUser, at: (file: string) => string): UserEntry {
  const { username, password = '', as } = user;
  return {
    token: user.token,
    tokenFile: user.tokenFile && at(user.tokenFile),
    certificate: material(user['client-certificate'], user['client-certificate-data'], at),
    key: material(user['client-key'], user['client-key-data'], at),
    basic: username === undefined ? undefined : { username, password },
    impersonate: as === undefined ? undefined : impersonation(as, user),
    exec: user.exec && {
      command: programAt(user.exec.command, at),
      args: user.exec.args ?? [],
      env: Object.fromEntries(user.exec.env?.map(({ name, value }) => [name, value ?? '']) ?? []),
    },
    authProvider: user['auth-provider'] && {
      name: user['auth-provider'].name,
      idToken: user['auth-provider'].config?.['id-token'],
    },
  };
}

function impersonation(as: string, user: ParsedUser): Impersonation {
  return {
    user: as,
    groups: user['as-groups'] ?? [],
    uid: user['as-uid'],
    extra: user['as-user-extra'] ?? {},
  };
}

/** Like kubectl, leaves a bare name to be looked up in PATH. */
function programAt(command: string, at: (file: string) => string): string {
  return command.includes('/') ? at(command) : command;
}

/** Data wins over a file, as in kubectl. */
function material(
  file: string | undefined,
  base64: string | undefined,
  at: (file: string) => string,
): Material | undefined {
  if (base64 !== undefined) return { kind: 'data', base64 };
  return file === undefined ? undefined : { kind: 'file', path: at(file) };
}
