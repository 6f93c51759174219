import { DefaultLogger, Runtime } from '@temporalio/worker';

// A passing test run prints nothing; a warning of a worker belongs to the test that caused it.
Runtime.install({ logger: new DefaultLogger('ERROR') });
