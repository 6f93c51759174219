import { DefaultLogger, Runtime } from '@temporalio/worker';

// A passing test run says nothing; what a worker warns of belongs to the test that caused it.
Runtime.install({ logger: new DefaultLogger('ERROR') });
