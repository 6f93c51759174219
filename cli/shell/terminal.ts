import { randomBytes } from 'node:crypto';

import { visibleOnOneLine } from '../../domain/text/visible.ts';
import type { Palette } from '../screens/palette.ts';
import { coloured, plain } from '../screens/palette.ts';

/** Where a command writes to. */
export interface Terminal {
  /** Results, for people and for pipes; what a terminal would act on is shown in its place. */
  print(lines: readonly string[]): void;
  /** What accompanies a result and must not get into a pipe. */
  note(...lines: readonly string[]): void;
  /** Text as it is: control sequences of a live view, and lines that went through `shown`. */
  write(text: string): void;
  /** A line as `print` writes it: only what `palette` painted is not taken at its letters. */
  shown(line: string): string;
  /** Until `showCursor`, which whatever ends the process has to call. */
  hideCursor(): void;
  /** Does nothing while the cursor is not hidden. */
  showCursor(): void;
  /** Whether a person looks at it, so that it may be drawn over. */
  readonly isInteractive: boolean;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly palette: Palette;
}

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';

export function terminalOn(
  out: Output,
  err: Output,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = out.isTTY === true;
  // A terminal that cannot move its cursor calls itself dumb; see https://no-color.org for the other.
  const isDumb = env['TERM'] === 'dumb';
  const hasColours = isTerminal && !isDumb && (env['NO_COLOR'] ?? '') === '';
  const seal = randomBytes(16).toString('hex');
  const painted = new RegExp(String.raw`${seal}(\u001B\[\d+m)`);
  const shown = (line: string): string =>
    line
      .split(painted)
      .map((part, index) => (index % 2 === 0 ? visibleOnOneLine(part) : part))
      .join('');
  let isHidden = false;
  return {
    print: (lines) => {
      if (lines.length > 0) out.write(`${lines.map(shown).join('\n')}\n`);
    },
    note: (...lines) => {
      err.write(`${lines.map(shown).join('\n')}\n`);
    },
    write: (text) => {
      out.write(text);
    },
    shown,
    hideCursor: () => {
      isHidden = true;
      out.write(HIDE_CURSOR);
    },
    showCursor: () => {
      if (isHidden) out.write(SHOW_CURSOR);
      isHidden = false;
    },
    isInteractive: isTerminal && !isDumb,
    size: {
      get columns() {
        // Some terminals report a width of nothing.
        return out.columns || 80;
      },
      get rows() {
        return out.rows || 24;
      },
    },
    palette: hasColours ? coloured(seal) : plain,
  };
}
