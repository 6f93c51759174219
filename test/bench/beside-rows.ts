import type { BesideBroken } from './beside-broken.ts';
import type { BesideForeign } from './beside-foreign.ts';
import { besideBrokenBudget, memoryBudget } from './budgets.ts';
import type { Row } from './row.ts';
import { judgedRow, megabytes, ratioRow } from './row.ts';

export function foreignRows(besideForeign: BesideForeign): readonly Row[] {
  const { configMaps, statefulSets, normal, watched, started } = besideForeign;
  const objects = `${configMaps} ConfigMaps of 1 MB and ${statefulSets} StatefulSets of others`;
  return (['worker', 'watcher'] as const).flatMap((role) => [
    memoryRow(
      `memory of the ${role} (RSS), made meanwhile: ${objects}`,
      normal[role],
      watched[role],
    ),
    memoryRow(`memory of the ${role} (RSS), started beside them`, normal[role], started[role]),
  ]);
}

export function brokenRows({ broken, usual, beside, memory }: BesideBroken): readonly Row[] {
  return [
    ratioRow(
      `one node beside ${broken} broken ones of another namespace`,
      { floor: usual, ours: beside, floorName: 'usual' },
      besideBrokenBudget(usual.median),
    ),
    ...(['worker', 'watcher'] as const).map((role): Row => [
      `memory of the ${role} (RSS) beside them`,
      megabytes(memory.usual[role]),
      megabytes(memory.beside[role]),
      '',
      '',
      '',
    ]),
  ];
}

function memoryRow(what: string, normal: number, value: number): Row {
  const budget = memoryBudget(normal);
  return judgedRow({ what, floor: megabytes(normal), value, budget }, megabytes);
}
