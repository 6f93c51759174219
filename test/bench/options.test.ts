import { describe, expect, it } from 'vitest';

import { readBenchOptions } from './options.ts';

describe('the options of the benchmark', () => {
  it('are one, twenty and a hundred nodes, twenty rounds, 2,000 broken nodes and all parts but the two large ones by default', () => {
    expect(readBenchOptions([])).toEqual({
      parts: ['latency', 'bring-up', 'footprint', 'foreign', 'broken'],
      nodes: [1, 20, 100],
      rounds: 20,
      broken: 2_000,
      scale: 1_000,
      resting: 10_000,
    });
  });

  it('put the smallest fleet first, because a fleet only grows', () => {
    expect(readBenchOptions(['--nodes', '30,1', '--rounds', '2']).nodes).toEqual([1, 30]);
  });

  it.each(['0', '-1', '1.5', 'many', ''])(
    'refuse %j as a number and say how they are used',
    (text) => {
      expect(() => readBenchOptions([`--rounds=${text}`])).toThrow(
        /--rounds .*usage: npm run bench/,
      );
      expect(() => readBenchOptions([`--broken=${text}`])).toThrow(
        /--broken .*usage: npm run bench/,
      );
      expect(() => readBenchOptions([`--scale=${text}`])).toThrow(/--scale .*usage: npm run bench/);
      expect(() => readBenchOptions([`--nodes=1,${text}`])).toThrow(
        /--nodes .*usage: npm run bench/,
      );
    },
  );

  it('name what alone is to be measured, and refuse what they do not know', () => {
    expect(readBenchOptions(['--only', 'scale,latency']).parts).toEqual(['scale', 'latency']);
    expect(() => readBenchOptions(['--only', 'speed'])).toThrow(/--only .*usage: npm run bench/);
  });
});
