import { describe, expect, it } from 'vitest';

import { readSettings } from '../../settings/settings.ts';
import { UserError } from '../../settings/user-error.ts';

function refusalOf(env: Record<string, string>): string {
  try {
    readSettings(env);
  } catch (err) {
    if (err instanceof UserError) return err.message;
    throw err;
  }
  return 'none';
}

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(readSettings({})).toEqual({
      clusterName: undefined,
      servedNamespaces: undefined,
      taskQueue: undefined,
      sidecarUrl: undefined,
      sidecarAccount: undefined,
      sidecarTokenFile: undefined,
      rollOnPlatformSidecarImage: false,
      checksSecrets: false,
      checksSuccessor: true,
      resyncSeconds: 60,
      sidecarProbeSeconds: 30,
      connectTimeoutSeconds: 30,
      metricsAddress: undefined,
      shutdownGraceSeconds: 25,
      tracesEndpoint: undefined,
      logLevel: 'info',
    });
  });

  it('reads every variable', () => {
    const settings = readSettings({
      SEINODE_CLUSTER_NAME: 'eu-1.prod',
      SEINODE_NAMESPACE: 'nodes-a, nodes-b',
      SEINODE_TASK_QUEUE: 'queue',
      SEINODE_SIDECAR_URL: 'http://{podIP}:{port}',
      SEINODE_SIDECAR_ACCOUNT: 'system/sidecar-client',
      SEINODE_SIDECAR_TOKEN_FILE: '/token',
      SEINODE_ROLL_ON_PLATFORM_SIDECAR_IMAGE: 'true',
      SEINODE_CHECK_SECRETS: 'true',
      SEINODE_CHECK_SUCCESSOR: 'false',
      SEINODE_RESYNC_SECONDS: '5',
      SEINODE_SIDECAR_PROBE_SECONDS: '6',
      SEINODE_CONNECT_TIMEOUT_SECONDS: '7',
      SEINODE_METRICS_ADDRESS: '[::1]:9464',
      SEINODE_SHUTDOWN_GRACE_SECONDS: '8',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      SEINODE_LOG_LEVEL: 'debug',
    });
    expect(settings).toEqual({
      clusterName: 'eu-1.prod',
      servedNamespaces: ['nodes-a', 'nodes-b'],
      taskQueue: 'queue',
      sidecarUrl: 'http://{podIP}:{port}',
      sidecarAccount: 'system/sidecar-client',
      sidecarTokenFile: '/token',
      rollOnPlatformSidecarImage: true,
      checksSecrets: true,
      checksSuccessor: false,
      resyncSeconds: 5,
      sidecarProbeSeconds: 6,
      connectTimeoutSeconds: 7,
      metricsAddress: { host: '::1', port: 9464 },
      shutdownGraceSeconds: 8,
      tracesEndpoint: 'http://collector:4318',
      logLevel: 'debug',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const empty = { SEINODE_TASK_QUEUE: '', SEINODE_RESYNC_SECONDS: '', SEINODE_CLUSTER_NAME: '' };
    expect(readSettings(empty)).toEqual(readSettings({}));
  });

  it('lists every bad variable with its value in one error', () => {
    const refusal = refusalOf({
      SEINODE_CLUSTER_NAME: 'Not_A_Name',
      SEINODE_ROLL_ON_PLATFORM_SIDECAR_IMAGE: 'yes',
      SEINODE_RESYNC_SECONDS: '0',
      SEINODE_CONNECT_TIMEOUT_SECONDS: 'soon',
      SEINODE_LOG_LEVEL: 'loud',
    });
    const [first, ...lines] = refusal.split('\n');
    expect(first).toBe('bad settings in the environment:');
    expect(lines.map((line) => line.slice(0, line.indexOf(': ')))).toEqual([
      '  SEINODE_CLUSTER_NAME=Not_A_Name',
      '  SEINODE_ROLL_ON_PLATFORM_SIDECAR_IMAGE=yes',
      '  SEINODE_RESYNC_SECONDS=0',
      '  SEINODE_CONNECT_TIMEOUT_SECONDS=soon',
      '  SEINODE_LOG_LEVEL=loud',
    ]);
  });

  it.each([
    ['SEINODE_LOG_LEVEL', 'loud', 'debug'],
    ['SEINODE_RESYNC_SECONDS', '4000', '3600'],
    ['SEINODE_CLUSTER_NAME', 'a/b', 'lower-case letters'],
  ])('says what %s=%s has to be', (name, value, expected) => {
    expect(refusalOf({ [name]: value })).toContain(expected);
  });

  it('serves one namespace, on a queue that follows from it', () => {
    const { servedNamespaces, taskQueue } = readSettings({ SEINODE_NAMESPACE: 'nodes' });
    expect(servedNamespaces).toEqual(['nodes']);
    expect(taskQueue).toBeUndefined();
  });

  it('serves up to as many namespaces as cost less than one watch of all', () => {
    const names = Array.from({ length: 50 }, (_, index) => `nodes-${index}`);
    const env = { SEINODE_NAMESPACE: names.join(','), SEINODE_TASK_QUEUE: 'ours' };
    expect(readSettings(env).servedNamespaces).toEqual(names);
    const refusal = refusalOf({ ...env, SEINODE_NAMESPACE: [...names, 'more'].join(',') });
    expect(refusal).toContain('must name at most 50 namespaces, and not 51: leave it out');
  });

  it.each([
    ['a,,b', 'must have a name on each side of a comma'],
    ['a,', 'must have a name on each side of a comma'],
    [',', 'must have a name on each side of a comma'],
    [' ', 'must have a name on each side of a comma'],
    ['a b', 'and not a b'],
    ['a;b', 'and not a;b'],
    ['a, Nodes', 'separated by commas, such as nodes-a,nodes-b, and not Nodes'],
    ['a,*', 'and not *'],
    ['a/b', 'and not a/b'],
    ['-a', 'and not -a'],
    ['a'.repeat(64), 'must be names of namespaces'],
    ['a, b, a', 'must name each namespace once, and not a twice'],
  ])('refuses %j as the namespaces that are served', (value, expected) => {
    const refusal = refusalOf({ SEINODE_NAMESPACE: value, SEINODE_TASK_QUEUE: 'ours' });
    expect(refusal).toContain('  SEINODE_NAMESPACE=');
    expect(refusal).toContain(expected);
  });

  it.each([{}, { SEINODE_NAMESPACE: '' }])(
    'refuses to serve all by %j where the namespaces have to be named',
    (named) => {
      const refusal = refusalOf({ ...named, SEINODE_NAMESPACE_REQUIRE: 'true' });
      expect(refusal).toContain('  SEINODE_NAMESPACE=: is required with SEINODE_NAMESPACE_REQUIRE');
      expect(refusal).toContain('to serve all, install deploy/overlays/cluster-wide');
    },
  );

  it('serves those that have to be named once they are, and all by default', () => {
    const env = { SEINODE_NAMESPACE: 'a', SEINODE_NAMESPACE_REQUIRE: 'true' };
    expect(readSettings(env).servedNamespaces).toEqual(['a']);
    expect(readSettings({ SEINODE_NAMESPACE: '' }).servedNamespaces).toBeUndefined();
  });

  it('requires the queue of several namespaces, since none derived from them lasts', () => {
    const refusal = refusalOf({ SEINODE_NAMESPACE: 'a,b' });
    expect(refusal).toContain(
      'SEINODE_TASK_QUEUE=: is required where SEINODE_NAMESPACE names several',
    );
  });

  it.each(['a/b', 'A', '-a', 'a-', 'a'.repeat(64)])(
    'refuses %s, which would make another workflow id, as a cluster name',
    (name) => {
      expect(refusalOf({ SEINODE_CLUSTER_NAME: name })).toContain('SEINODE_CLUSTER_NAME');
    },
  );
});
