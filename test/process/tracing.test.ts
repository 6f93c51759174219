import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

/** The packages of OpenTelemetry's SDK that a process has loaded after it has opened its tracing. */
function loadedBy(settings: { readonly tracesEndpoint?: string }): string {
  const program = `
    import { createRequire } from 'node:module';
    import { openTracing } from './process/tracing/open-tracing.ts';
    import { tracedClient } from './temporal/runs/traced-client.ts';
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const tracing = await openTracing(${JSON.stringify(settings)}, 'watcher', silent);
    await tracedClient(tracing);
    const files = Object.keys(createRequire(process.cwd() + '/').cache);
    const packages = files.map((file) => /@opentelemetry.sdk-trace-base|interceptors-opentelemetry/.exec(file)?.[0]);
    process.stdout.write([...new Set(packages)].filter(Boolean).toSorted().join(' '));
  `;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
}

it('loads OpenTelemetry where a collector is named, and nowhere else', () => {
  expect(loadedBy({})).toBe('');
  expect(loadedBy({ tracesEndpoint: 'http://127.0.0.1:4318' })).toBe(
    '@opentelemetry/sdk-trace-base interceptors-opentelemetry',
  );
});
