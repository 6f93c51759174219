import type { DiffLine } from '../diff/line-diff.ts';
import { lineDiff } from '../diff/line-diff.ts';
import type { Palette } from './palette.ts';

/** An object now and after an apply, each as the lines of its owned fields. */
export interface ObjectDiff {
  /** Kind and name, such as `StatefulSet default/n0`. */
  readonly object: string;
  /** Empty for an object that would be created. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** As many lines as `diff -u` shows. */
const CONTEXT = 3;

/** Renders a unified diff of the objects that would change; no lines when none would. */
export function diffScreen(objects: readonly ObjectDiff[], palette: Palette): readonly string[] {
  return objects.flatMap(({ object, before, after }) => {
    const hunks = hunksOf(lineDiff(before, after));
    if (hunks.length === 0) return [];
    return [
      palette.strong(`--- ${object} (live)`),
      palette.strong(`+++ ${object} (after an apply)`),
      ...hunks.flatMap((hunk) => hunkLines(hunk, palette)),
    ];
  });
}

interface Hunk {
  /** The number of its first line, from 1. */
  readonly beforeLine: number;
  readonly afterLine: number;
  readonly lines: readonly DiffLine[];
}

/** Groups the changes, each with some unchanged lines around it. */
function hunksOf(lines: readonly DiffLine[]): readonly Hunk[] {
  const shown = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(isChange),
  );
  const hunks: { beforeLine: number; afterLine: number; lines: DiffLine[] }[] = [];
  let beforeLine = 1;
  let afterLine = 1;
  for (const [index, line] of lines.entries()) {
    if (shown[index] === true) {
      if (shown[index - 1] !== true) hunks.push({ beforeLine, afterLine, lines: [] });
      hunks.at(-1)?.lines.push(line);
    }
    if (line.kind !== 'added') beforeLine += 1;
    if (line.kind !== 'removed') afterLine += 1;
  }
  return hunks;
}

function isChange({ kind }: DiffLine): boolean {
  return kind !== 'same';
}

function hunkLines({ beforeLine, afterLine, lines }: Hunk, palette: Palette): readonly string[] {
  const removed = lines.filter(({ kind }) => kind !== 'added').length;
  const added = lines.filter(({ kind }) => kind !== 'removed').length;
  // A range of no lines begins after the line before it.
  const from = `${removed === 0 ? beforeLine - 1 : beforeLine},${removed}`;
  const to = `${added === 0 ? afterLine - 1 : afterLine},${added}`;
  return [palette.dim(`@@ -${from} +${to} @@`), ...lines.map((line) => lineText(line, palette))];
}

function lineText({ kind, text }: DiffLine, palette: Palette): string {
  switch (kind) {
    case 'same':
      return ` ${text}`;
    case 'removed':
      return palette.bad(`-${text}`);
    case 'added':
      return palette.good(`+${text}`);
  }
}
