import { connectionBudget, EVENTS_OF_AN_UPDATE, REQUESTS_OF_AN_UPDATE } from './budgets.ts';
import type { Footprint } from './footprint.ts';
import type { Measured, Row } from './row.ts';
import { count, judgedRow } from './row.ts';

export function footprintRows(footprint: Footprint): readonly Row[] {
  const { connections, watches, fleet } = footprint;
  const rows: readonly Measured[] = [
    {
      what: 'API requests of one update',
      value: footprint.requestsAlone,
      budget: REQUESTS_OF_AN_UPDATE,
    },
    {
      what: `API requests of each of ${fleet} updates at once`,
      value: footprint.requestsAtOnce,
      budget: REQUESTS_OF_AN_UPDATE,
    },
    {
      what: 'TLS connections opened by the worker',
      value: connections.worker,
      budget: connectionBudget(watches.worker),
    },
    {
      what: 'TLS connections opened by the watcher',
      value: connections.watcher,
      budget: connectionBudget(watches.watcher),
    },
    {
      what: 'history events of one update',
      value: footprint.historyEvents,
      budget: EVENTS_OF_AN_UPDATE,
    },
  ];
  return rows.map((row) => judgedRow(row, count));
}
