import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly build?: string;
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
const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
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
