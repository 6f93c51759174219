import { describe, expect, it } from 'vitest';

import type { Panel } from './monitoring/dashboard.ts';
import { dashboard } from './monitoring/dashboard.ts';

/** Grafana's grid. */
const COLUMNS = 24;

/** Of Grafana's names of units those that fit what we measure; any other is shown as a suffix. */
const UNITS = ['short', 's', 'ops', 'bytes', 'percentunit'];

/** Panels that are part of Grafana itself. */
const PANEL_TYPES = ['row', 'stat', 'timeseries', 'table'];

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const { panels } = dashboard;
const shown = panels.filter(({ type }) => type !== 'row');

/** The cells of the grid that a panel takes. */
function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  return Array.from(
    { length: w * h },
    (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`,
  );
}

describe('the dashboard', () => {
  it('is of the classic model, which every Grafana from 10 on takes, and of no instance of it', () => {
    expect(dashboard.schemaVersion).toBe(39);
    expect(dashboard.id ?? null).toBeNull();
    // Grafana takes 40 characters at most; a stable one lets links outlive an import.
    expect(dashboard.uid).toMatch(/^[a-z-]{8,40}$/);
  });

  it('has panels of their own ids, titles and kinds that come with Grafana', () => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const titles = shown.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(panels.filter(({ type }) => !PANEL_TYPES.includes(type))).toEqual([]);
  });

  it('has panels beside one another, within the grid', () => {
    const cells = panels.flatMap(cellsOf);
    expect(new Set(cells).size).toBe(cells.length);
    const outside = panels.filter(
      ({ gridPos: { x, y, w, h } }) => x < 0 || y < 0 || w < 1 || h < 1 || x + w > COLUMNS,
    );
    expect(outside).toEqual([]);
  });

  it('leaves no gap in the grid', () => {
    const last = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
    expect(panels.flatMap(cellsOf)).toHaveLength(last * COLUMNS);
  });

  it.each(shown)('measures "$title" in a unit that Grafana knows', ({ fieldConfig }) => {
    expect(UNITS).toContain(fieldConfig?.defaults.unit);
  });

  it.each(shown)('tells the queries of "$title" apart', ({ targets }) => {
    const refIds = targets.map(({ refId }) => refId);
    expect(refIds).not.toEqual([]);
    expect(new Set(refIds).size).toBe(refIds.length);
  });

  it('asks the Prometheus that its reader chooses, and no other', () => {
    const { list } = dashboard.templating;
    expect(list).toMatchObject([{ name: 'datasource', type: 'datasource', query: 'prometheus' }]);
    const sources = [
      ...shown.map(({ datasource }) => datasource),
      ...shown.flatMap(({ targets }) => targets.map(({ datasource = DATASOURCE }) => datasource)),
      ...dashboard.annotations.list.map(({ datasource }) => datasource),
    ];
    for (const source of sources) expect(source).toEqual(DATASOURCE);
  });
});
