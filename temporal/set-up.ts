import type { Connection } from '@temporalio/client';

import { UserError } from '../settings/user-error.ts';
import {
  createNamespace,
  DEFAULT_RETENTION_DAYS,
  retentionDaysOf,
  setRetention,
} from './namespace.ts';
import { permitted } from './permitted.ts';
import { findSearchAttributes, registerSearchAttributes } from './search-attributes.ts';
import { untilVisible } from './until-visible.ts';

export interface SetUpOptions {
  readonly namespace: string;
  /** Undefined: a new namespace gets the default, an existing one keeps its own. */
  readonly retentionDays: number | undefined;
  /** Receives one sentence for each thing done. */
  readonly report: (done: string) => void;
}

/**
 * Sets up in the Temporal namespace what the operator needs. Leaves what exists as it is.
 *
 * @throws {UserError} when a step is refused, with what to ask for
 */
export async function setUp(connection: Connection, options: SetUpOptions): Promise<void> {
  await setUpNamespace(connection, options);
  await setUpSearchAttributes(connection, options);
}

async function setUpNamespace(connection: Connection, options: SetUpOptions): Promise<void> {
  const { namespace, retentionDays, report } = options;
  const found = await permitted(
    `read namespace ${namespace}`,
    'check TEMPORAL_NAMESPACE and the rights of the API key or client certificate',
    () => retentionDaysOf(connection, namespace),
  );
  if (found === undefined) {
    const days = retentionDays ?? DEFAULT_RETENTION_DAYS;
    await permitted(
      `create namespace ${namespace}`,
      `have an administrator create it (temporal operator namespace create --namespace ${namespace} --retention ${days}d; in Temporal Cloud: tcld), then run this again`,
      () => createNamespace(connection, namespace, days),
    );
    return report(`namespace ${namespace} created; it keeps closed runs for ${days} days`);
  }
  if (retentionDays === undefined || retentionDays === found) {
    return report(`namespace ${namespace} already exists; it keeps closed runs for ${found} days`);
  }
  await permitted(
    `change the retention of namespace ${namespace}`,
    `have an administrator do it (temporal operator namespace update --namespace ${namespace} --retention ${retentionDays}d)`,
    () => setRetention(connection, namespace, retentionDays),
  );
  report(`namespace ${namespace} keeps closed runs for ${retentionDays} days instead of ${found}`);
}

async function setUpSearchAttributes(connection: Connection, options: SetUpOptions): Promise<void> {
  const { namespace, report } = options;
  const find = () =>
    permitted(
      `read the search attributes of namespace ${namespace}`,
      'have an administrator run this, or go without them: only the lists of the Web UI need them',
      () => findSearchAttributes(connection, namespace),
    );
  const { missing, ofOtherType } = await untilVisible(find);
  if (ofOtherType.length > 0) {
    throw new UserError(
      `namespace ${namespace} has search attributes ${ofOtherType.join(', ')} of another type than Keyword; remove them (temporal operator search-attribute remove) or use another namespace`,
    );
  }
  if (missing.length === 0) return report('search attributes already exist');
  const names = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  await permitted(
    `register search attributes in namespace ${namespace}`,
    `have an administrator do it (temporal operator search-attribute create --namespace ${namespace} ${names})`,
    () => registerSearchAttributes(connection, namespace, missing),
  );
  await untilVisible(async () => {
    const left = (await find()).missing;
    if (left.length > 0) throw new Error(`${left.join(', ')} cannot be seen yet`);
  });
  report(`search attributes registered: ${missing.join(', ')}`);
}
