import { describe, expect, it } from 'vitest';

import { withHistoryEntry } from '../../../domain/node/history.ts';
import type { HistoryEntry } from '../../../domain/node/sei-node-status.ts';
import { NOW, V1, V2 } from '../../support/sei-node.ts';

function entry(minute: number, parts: Partial<HistoryEntry> = {}): HistoryEntry {
  const startedAt = new Date(Date.parse(NOW) + minute * 60_000).toISOString();
  return {
    from: V1,
    to: V2,
    outcome: 'Complete',
    startedAt,
    endedAt: NOW,
    actor: 'spec',
    ...parts,
  };
}

describe('withHistoryEntry', () => {
  it('begins with the first', () => {
    expect(withHistoryEntry(undefined, entry(0))).toEqual([entry(0)]);
  });

  it('puts the newest first', () => {
    expect(withHistoryEntry([entry(0)], entry(1))).toEqual([entry(1), entry(0)]);
  });

  it('keeps the last ten', () => {
    let history: readonly HistoryEntry[] = [];
    for (let minute = 0; minute < 25; minute += 1)
      history = withHistoryEntry(history, entry(minute));
    expect(history).toEqual(Array.from({ length: 10 }, (_, age) => entry(24 - age)));
  });

  it('keeps the ends of updates, whoever steered the node since', () => {
    let history: readonly HistoryEntry[] = [entry(1), entry(0)];
    for (let minute = 2; minute < 40; minute += 1) {
      const outcome = minute % 2 === 0 ? 'Held' : 'Resumed';
      history = withHistoryEntry(history, entry(minute, { outcome }));
    }
    expect(history).toHaveLength(10);
    expect(history[0]).toEqual(entry(39, { outcome: 'Resumed' }));
    expect(history.slice(-2)).toEqual([entry(1), entry(0)]);
  });

  it('keeps the last who steered the node, however many updates followed', () => {
    let history: readonly HistoryEntry[] = [entry(0, { outcome: 'RolledBack' })];
    for (let minute = 1; minute < 25; minute += 1) {
      history = withHistoryEntry(history, entry(minute));
    }
    expect(history).toHaveLength(10);
    expect(history.at(-1)).toEqual(entry(0, { outcome: 'RolledBack' }));
  });

  it('leaves one entry of an update that fails again and again, from its first attempt on', () => {
    let history: readonly HistoryEntry[] = [entry(0)];
    for (let minute = 1; minute < 25; minute += 1)
      history = withHistoryEntry(history, entry(minute, { to: 'sei:v3', outcome: 'Failed' }));
    const { startedAt } = entry(1);
    expect(history).toEqual([entry(24, { to: 'sei:v3', outcome: 'Failed', startedAt }), entry(0)]);
  });

  it('leaves one entry where a write runs twice', () => {
    const later = entry(0, { outcome: 'Failed', endedAt: 'later' });
    expect(withHistoryEntry([entry(1), entry(0)], later)).toEqual([later, entry(1)]);
  });

  it('distinguishes two targets that began in the same instant', () => {
    expect(withHistoryEntry([entry(0)], entry(0, { to: 'sei:v3' }))).toHaveLength(2);
  });
});
