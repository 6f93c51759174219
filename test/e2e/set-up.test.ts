import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { Connection } from '@temporalio/client';
import { describe, expect } from 'vitest';

import { SEARCH_ATTRIBUTES } from '../../domain/run/search-attribute.ts';
import {
  findSearchAttributes,
  registerSearchAttributes,
} from '../../temporal/search-attributes.ts';
import { runSetUp } from '../support/testbed/run-set-up.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const NAMES = Object.values(SEARCH_ATTRIBUTES).join(', ');

/** Of a SQL database, as that of every server here is. */
const ROOM_FOR_KEYWORDS = 10;

const it = testbedTest('set-up', []).extend(
  'temporal',
  { scope: 'file' },
  async ({ bed }, { onCleanup }) => {
    const connection = await Connection.connect({ address: bed.cluster.temporalAddress });
    onCleanup(() => connection.close());
    const retentionOf = async (namespace: string): Promise<string> => {
      const { config } = await connection.workflowService.describeNamespace({ namespace });
      return `${Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400} days`;
    };
    return { connection, retentionOf };
  },
);

describe('seinode set-up', () => {
  it('makes a namespace that worker and watcher work in', async ({ bed, temporal }) => {
    const namespace = `${bed.namespace}-new`;
    const env = { TEMPORAL_NAMESPACE: namespace };
    const { code, stdout, stderr } = await runSetUp({ ...bed.env, ...env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`namespace ${namespace} created; it keeps closed runs for 7 days`);
    expect(stdout).toContain(`search attributes registered: ${NAMES}`);
    expect(await temporal.retentionOf(namespace)).toBe('7 days');

    const processes = await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
    await bed.nodes.createRunning('n0', V1);
    expect(processes[1].log()).not.toContain('running without search attributes');
    await Promise.all(processes.map((each) => each.stop('SIGTERM')));
  });

  it('changes nothing the second time, and says so', async ({ bed, temporal }) => {
    const namespace = `${bed.namespace}-twice`;
    const env = { ...bed.env, TEMPORAL_NAMESPACE: namespace };
    await runSetUp(env, ['--retention', '30']);
    const { code, stdout } = await runSetUp(env);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `namespace ${namespace} already exists; it keeps closed runs for 30 days`,
    );
    expect(stdout).toContain('search attributes already exist');
    expect(await temporal.retentionOf(namespace)).toBe('30 days');
  });

  it('changes the retention of an existing namespace when it is asked to', async ({
    bed,
    temporal,
  }) => {
    const namespace = `${bed.namespace}-retention`;
    const env = { ...bed.env, TEMPORAL_NAMESPACE: namespace };
    await runSetUp(env);
    const { stdout } = await runSetUp(env, ['--retention', '14d']);
    expect(stdout).toContain('keeps closed runs for 14 days instead of 7');
    expect(await temporal.retentionOf(namespace)).toBe('14 days');
  });

  it('registers what is missing of the search attributes', async ({ bed, temporal }) => {
    const namespace = `${bed.namespace}-some`;
    const env = { ...bed.env, TEMPORAL_NAMESPACE: namespace };
    await runSetUp(env);
    const { connection } = temporal;
    await connection.operatorService.removeSearchAttributes({
      namespace,
      searchAttributes: [SEARCH_ATTRIBUTES.step],
    });
    const { stdout } = await runSetUp(env);
    expect(stdout).toContain(`search attributes registered: ${SEARCH_ATTRIBUTES.step}\n`);
    expect(await findSearchAttributes(connection, namespace)).toEqual({
      missing: [],
      ofOtherType: [],
    });
    await registerSearchAttributes(connection, namespace, Object.values(SEARCH_ATTRIBUTES));
  });

  it('refuses a namespace whose search attributes are of another type', async ({
    bed,
    temporal,
  }) => {
    const namespace = `${bed.namespace}-type`;
    const env = { ...bed.env, TEMPORAL_NAMESPACE: namespace };
    await runSetUp(env);
    const { operatorService } = temporal.connection;
    const name = SEARCH_ATTRIBUTES.image;
    await operatorService.removeSearchAttributes({ namespace, searchAttributes: [name] });
    const typeInt = 3;
    await operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: typeInt } });
    const { code, stderr } = await runSetUp(env);
    expect(code).toBe(1);
    expect(stderr).toContain(`has search attributes ${name} of another type than Keyword`);
  });

  it('says that a namespace has no room for more search attributes', async ({ bed, temporal }) => {
    const namespace = `${bed.namespace}-full`;
    const env = { ...bed.env, TEMPORAL_NAMESPACE: namespace };
    await runSetUp(env);
    const { operatorService } = temporal.connection;
    const lost = SEARCH_ATTRIBUTES.step;
    await operatorService.removeSearchAttributes({ namespace, searchAttributes: [lost] });
    const others = ROOM_FOR_KEYWORDS - (Object.keys(SEARCH_ATTRIBUTES).length - 1);
    const names = Array.from({ length: others }, (_, index) => `Other${index}`);
    await registerSearchAttributes(temporal.connection, namespace, names);
    const { code, stderr } = await runSetUp(env);
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(
      `seinode: namespace ${namespace} has no room for the search attributes ${lost}: Temporal's database holds ${ROOM_FOR_KEYWORDS} of type Keyword for a namespace; remove some that nobody needs (temporal operator search-attribute list, then remove, each with --namespace ${namespace}), or use another namespace (TEMPORAL_NAMESPACE)`,
    );
  });

  it.for([
    [['--retention', 'soon'], "argument 'soon' is invalid. expected a number of days, such as 7"],
    [['--retention', '0'], "argument '0' is invalid. expected a number of days"],
    [['--retentoin', '7'], "unknown option '--retentoin' (Did you mean --retention?)"],
    [['now'], "too many arguments for 'set-up'"],
  ] as const)('refuses %j in one line', async ([args, told], { bed }) => {
    const { code, stdout, stderr } = await runSetUp({ ...bed.env }, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(told);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says where it looked when nobody answers', async ({ bed }) => {
    const { code, stderr } = await runSetUp({
      ...bed.env,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      SEINODE_CONNECT_TIMEOUT_SECONDS: '10',
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /cannot reach Temporal at 127\.0\.0\.1:1 within 10 s: connect ECONNREFUSED .*; check TEMPORAL_ADDRESS/,
    );
  });

  it('says what to ask an administrator for when it is not permitted', async ({ bed }) => {
    const server = await refusingServer();
    const { code, stderr } = await runSetUp({ ...bed.env, TEMPORAL_ADDRESS: server.address });
    server.close();
    expect(code).toBe(4);
    expect(stderr.trim()).toMatch(
      /^seinode: Temporal at .* refuses us: no rights; check TEMPORAL_API_KEY/,
    );
  });
});

/** Refuses every gRPC call as a server does whose caller has no rights. */
async function refusingServer() {
  const permissionDenied = '7';
  const server = createServer();
  server.on('stream', (stream) => {
    const status = { 'grpc-status': permissionDenied, 'grpc-message': 'no rights' };
    const headers = { ':status': 200, 'content-type': 'application/grpc', ...status };
    stream.respond(headers, { endStream: true });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, close: () => server.close() };
}
