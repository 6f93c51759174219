import { randomBytes } from 'node:crypto';

import { visibleOnOneLine } from '../../domain/text/visible.ts';
import type { Palette } from '../screens/palette.ts';
import { coloured, plain } from '../screens/palette.ts';

/** The output of a command. */
export interface Terminal {
  /** Writes results, for people and for pipes; shows control characters in place of sending them. */
  print(lines: readonly string[]): void;
  /** Writes what accompanies a result and must not get into a pipe. */
  note(...lines: readonly string[]): void;
  /** Writes text as it is: control sequences of a live view, and lines from `shown`. */
  write(text: string): void;
  /** Returns a line as `print` writes it: of its control sequences only those of `palette` have an effect. */
  shown(line: string): string;
  /** Hides it until `showCursor`, which whatever ends the process has to call. */
  hideCursor(): void;
  /** Does nothing while the cursor is not hidden. */
  showCursor(): void;
  /** True if a person looks at it, so that it may be drawn over. */
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
  // A terminal that cannot move its cursor calls itself dumb; https://no-color.org has the other variable.
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
        // Some terminals report a width of 0.
        return out.columns || 80;
      },
      get rows() {
        return out.rows || 24;
      },
    },
    palette: hasColours ? coloured(seal) : plain,
  };
}
