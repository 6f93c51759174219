import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { DocumentedScript } from './shell-commands.ts';
import { scriptsIn } from './shell-commands.ts';

const root = path.join(import.meta.dirname, '../..');

const COMMANDS = 'test/e2e/documented-commands.test.ts';
const INSTALLATION = 'test/e2e/documented-installation.test.ts';
const TAKE_OVER = 'test/e2e/documented-take-over.test.ts';
const TEMPORAL = 'test/e2e/documented-temporal.test.ts';

/**
 * Which test runs the blocks of a section, all of them and as they are written: by the document and
 * the section's heading. The tests take what they run from here (`scriptsRunBy`).
 */
export const SECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': {
    'Use it on a cluster of yours': COMMANDS,
    'Day to day': COMMANDS,
  },
  'docs/install.md': {
    '2. The command line': INSTALLATION,
    '3. Temporal': INSTALLATION,
    '4. The CRD': INSTALLATION,
    '5. Settings': INSTALLATION,
    'An API key for Temporal': INSTALLATION,
    'A client certificate for Temporal': INSTALLATION,
    'Keys that encrypt payloads': INSTALLATION,
    '7. Install': INSTALLATION,
    '8. The namespaces of nodes': INSTALLATION,
    '9. A first node': INSTALLATION,
    Upgrade: INSTALLATION,
    'The nodes': INSTALLATION,
    'The operator': INSTALLATION,
    'The rest': INSTALLATION,
    'How it runs': INSTALLATION,
    'Beside a cluster: docker compose': INSTALLATION,
  },
  'docs/operations.md': {
    'Day to day': COMMANDS,
    Steering: COMMANDS,
    "Moving a validator's key to another node": COMMANDS,
    'What is restored object by object': COMMANDS,
    'Upgrading the operator': INSTALLATION,
  },
  'docs/stuck-roll.md': {
    'Sending a message': COMMANDS,
    'A machine that does not answer': COMMANDS,
    'A pod that is refused': COMMANDS,
  },
  'docs/take-over.md': {
    Before: TAKE_OVER,
    'Stop the original': TAKE_OVER,
    'Start this operator': TAKE_OVER,
    'See what became of each node': TAKE_OVER,
    Back: TAKE_OVER,
    'Stop this operator': TAKE_OVER,
    'End what is open in Temporal': TAKE_OVER,
    'Start the original': TAKE_OVER,
  },
  'docs/temporal.md': {
    'Set up the namespace': TEMPORAL,
    'Encryption of payloads': TEMPORAL,
    'Versions of workers': TEMPORAL,
  },
};

/** Where each npm script that a document names is run, and by which words of that file. */
export const SCRIPTS: Readonly<Record<string, readonly [file: string, words: string]>> = {
  check: ['.ci/run', 'npm run --silent check'],
  test: ['.ci/run', 'npm test'],
  // The same with fewer files.
  'test:unit': ['.ci/run', 'npm test'],
  'test:postgres': ['.ci/run', 'npm test'],
  setup: ['test/setup.test.ts', 'setup.mjs'],
  demo: ['test/e2e/documented-demo.test.ts', 'npm run demo'],
  devcluster: ['test/e2e/devcluster.test.ts', 'npm run devcluster'],
  build: ['test/build/production-tree.ts', 'build/main.ts'],
  cli: ['test/cli/cli-process.ts', 'cli/main.ts'],
  'set-up': ['test/support/testbed/run-set-up.ts', "'set-up'"],
  'start-update': ['test/e2e/start-update.test.ts', "'start-update'"],
  worker: ['test/support/testbed/operator-process.ts', 'worker/main.ts'],
  starter: ['test/support/testbed/operator-process.ts', 'starter/main.ts'],
};

/** What a document may say that a command needs, and of which commands that is true. */
export const NEEDS: Readonly<Record<string, RegExp>> = {
  'a container engine': /^docker /,
  'a kubelet': /^kubectl .*\blogs /,
  'a SeiNode that is gone': /^kubectl apply -f seinode\.yaml$/,
  'a storage that keeps data':
    /^kubectl (?:get pvc data-NAME|(?:patch pv PV|delete pod NAME-0|wait --for=delete pvc\/data-NAME) ?.*|apply -f claim\.yaml)$/,
  'a published release': /^(?:cosign|gh) /,
  'a Temporal server inside of the cluster': /^kubectl .*port-forward /,
  'to write into the repository': /^npm run (?:bench|record-)/,
};

/** The scripts of a document that a test has to run, in their order. @param test its file */
export function scriptsRunBy(test: string, document: string): readonly DocumentedScript[] {
  const name = path.relative(root, test);
  return scriptsIn(textOf(document)).filter(
    ({ section, needs }) => needs === undefined && SECTIONS[document]?.[section] === name,
  );
}

/** Of the repository. */
export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
