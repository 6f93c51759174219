import type { KnipConfig } from 'knip';

/** What only tests use is found by a second run, without the tests. */
const isProduction = process.argv.includes('--production');

const config: KnipConfig = {
  workspaces: {
    '.': {
      entry: [
        'worker/main.ts!',
        'starter/main.ts!',
        'cli/main.ts!',
        'workflows/{index,payload-converter}.ts!',
        'build/*.ts!',
        'demo/main.ts!',
        'test/replay/incompatible-workflows.ts',
        'test/devcluster/programs/*.ts',
      ],
      project: ['**/*.ts!', '!test/**/*.ts!'],
    },
    devcluster: {
      entry: ['{main,sidecar/main,sidecar/admin-client}.ts!'],
      project: ['**/*.ts!'],
    },
  },
  ignoreDependencies: ['protobufjs'],
  ignoreBinaries: ['go', 'promtool'],
  exclude: ['types'],
  // A constant that a test reads beside the file that decides by it is no dead code.
  ignoreExportsUsedInFile: isProduction,
};

export default config;
