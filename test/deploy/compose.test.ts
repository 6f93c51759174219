import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { catalogue } from '../../devcluster/binaries/catalogue.ts';
import type { ToolName } from '../../devcluster/binaries/tool.ts';
import * as installation from '../../devcluster/temporal/installation.ts';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly ports?: readonly string[];
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
}

const file = new URL('../../docker-compose.yml', import.meta.url);
const { services, configs } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
};
const names = Object.keys(services);

describe('the compose file', () => {
  test('has the parts of an installation', () => {
    expect(new Set(names)).toEqual(
      new Set([
        'postgresql',
        'temporal-schema',
        'temporal',
        'temporal-namespace',
        'temporal-ui',
        'worker',
        'watcher',
      ]),
    );
  });

  test.for(names)('names the image of %s by its version, and by its digest if not ours', (name) => {
    const { image, build } = services[name] ?? {};
    const ours = /^seinode-operator:\d+\.\d+\.\d+$/;
    const pinned = /:\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/;
    expect(image).toMatch(build === undefined ? pinned : ours);
  });

  test.for(names)('publishes the ports of %s on this machine only', (name) => {
    const { ports = [] } = services[name] ?? {};
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test.for(names)('lets %s wait only for what can come true', (name) => {
    const awaited = Object.entries(services[name]?.depends_on ?? {});
    const inVain = awaited.filter(([other, { condition }]) => {
      const { healthcheck, restart } = services[other] ?? {};
      // A job that is started anew whenever it has ended never completes.
      const canComplete = restart === 'on-failure:5';
      return condition === 'service_healthy' ? healthcheck === undefined : !canComplete;
    });
    expect(inVain).toEqual([]);
  });

  test.for(names)('takes from %s what it does not need of a root user, for good', (name) => {
    const { cap_drop, cap_add = [], security_opt, privileged } = services[name] ?? {};
    expect({ cap_drop, security_opt, privileged }).toEqual({
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      privileged: undefined,
    });
    // What its entry point does before it goes on as another user.
    const own =
      name === 'postgresql' ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] : [];
    expect(cap_add).toEqual(own);
  });

  test('runs worker and watcher on a file system that they cannot write to', () => {
    expect([services['worker']?.read_only, services['watcher']?.read_only]).toEqual([true, true]);
  });
});

describe('the Temporal server of the devcluster on PostgreSQL, and that of the compose file,', () => {
  const { environment = {}, configs: mounted = [] } = services['temporal'] ?? {};

  test.each([
    ['temporal', 'temporalio/server', 'temporal-server'],
    ['temporal-schema', 'temporalio/admin-tools', 'temporal-sql-tool'],
  ] as const)('are of one version: %s', (service, image, tool) => {
    expect(services[service]?.image).toMatch(new RegExp(`^${image}:${versionOf(tool)}@`));
  });

  test('keep their state by the same plugin, in as many shards', () => {
    expect(environment).toMatchObject({
      DB: installation.SQL_PLUGIN,
      NUM_HISTORY_SHARDS: String(installation.HISTORY_SHARDS),
    });
    expect(services['temporal-schema']?.environment).toMatchObject({
      SQL_PLUGIN: installation.SQL_PLUGIN,
    });
  });

  test('have the same databases, with the newest schema of their version', () => {
    const script = services['temporal-schema']?.command?.join('') ?? '';
    const prepared = [...script.matchAll(/^prepare (\S+) (\S+)$/gm)].map(([, name, schema]) => [
      name,
      `postgresql/v12/${schema}`,
    ]);
    expect(Object.fromEntries(prepared)).toEqual(installation.DATABASES);
    expect(script).toContain('/etc/temporal/schema/postgresql/v12/$$2/versioned');
    expect(script).not.toContain('--version');
  });

  test('have the same dynamic configuration', () => {
    const [config] = mounted;
    expect(config?.target).toBe(environment['DYNAMIC_CONFIG_FILE_PATH']);
    expect(parse(configs[config?.source ?? '']?.content ?? '')).toEqual(
      installation.DYNAMIC_CONFIG,
    );
  });

  test('may open as many connections', () => {
    expect(services['postgresql']?.command).toContain(
      `max_connections=${installation.MAX_CONNECTIONS}`,
    );
  });

  test('keep closed runs as long', () => {
    const script = services['temporal-namespace']?.command?.join('') ?? '';
    expect(script).toContain(`--retention ${installation.RETENTION}`);
  });
});

function versionOf(tool: ToolName): string | undefined {
  return catalogue.find(({ name }) => name === tool)?.version;
}
