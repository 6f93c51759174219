import type { DoctorCheck } from '../node/doctor-check.ts';
import type { Palette } from './palette.ts';
import type { Cell } from './table.ts';
import { table } from './table.ts';

/** Renders one line for each check, followed by its remedy where it is not well. */
export function doctorScreen(checks: readonly DoctorCheck[], palette: Palette): readonly string[] {
  const rows = checks.map(({ name, verdict, found }): readonly Cell[] => [
    markOf(verdict, palette),
    name,
    found,
  ]);
  const lines = table(rows);
  return checks.flatMap(({ remedy }, index) => [
    lines[index] ?? '',
    ...(remedy === undefined ? [] : [`        ${palette.strong(remedy)}`]),
  ]);
}

function markOf(verdict: DoctorCheck['verdict'], palette: Palette): Cell {
  switch (verdict) {
    case 'ok':
      return { text: 'ok', paint: palette.good };
    case 'warn':
      return { text: 'warn', paint: palette.warn };
    case 'fail':
      return { text: 'fail', paint: palette.bad };
  }
}
