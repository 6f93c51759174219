import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeLine } from '../node/node-line.ts';
import { advanced, unstartedClock } from '../node/step-clock.ts';
import { clip } from '../screens/clip.ts';
import { oneLine } from '../screens/one-line.ts';
import { watchLine, watchScreen } from '../screens/watch-screen.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Shows a node while it changes. */
export interface NodeView {
  show(node: SeiNode | undefined): void;
  /** Shows that the connection is lost for a while. */
  interrupted(message: string): void;
  /** Leaves what is shown last where it is. */
  close(): void;
}

/** Makes a live view on a terminal, else one that prints a line for each change. */
export function nodeView({
  terminal,
  interrupted,
  now,
}: Pick<Session, 'terminal' | 'interrupted' | 'now'>): NodeView {
  return terminal.isInteractive ? liveView(terminal, now, interrupted) : lineView(terminal, now);
}

export const hiddenView: NodeView = {
  show: () => undefined,
  interrupted: () => undefined,
  close: () => undefined,
};

function lineView(terminal: Terminal, now: () => Date): NodeView {
  const began = now().getTime();
  let shown = '';
  return {
    show: (node) => {
      const line = nodeLine(node);
      if (line === shown) return;
      shown = line;
      terminal.print([watchLine(now().getTime() - began, line)]);
    },
    interrupted: (message) => {
      terminal.note(`connection interrupted, trying again: ${oneLine(message)}`);
    },
    close: () => undefined,
  };
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Often enough for the eye to see motion. */
const FRAME_MS = 100;

const CLEAR_BELOW = '\u001B[J';

function liveView(terminal: Terminal, now: () => Date, signal: AbortSignal): NodeView {
  let node: SeiNode | undefined;
  let clock = unstartedClock;
  let interruption: string | undefined;
  let frame = 0;
  let height = 0;
  let isOpen = true;

  const draw = (): void => {
    if (node === undefined) return;
    const busy = FRAMES[frame % FRAMES.length] ?? '';
    const { columns, rows } = terminal.size;
    const screen = { node, clock, busy, now: now(), columns, interruption };
    const lines = watchScreen(screen, terminal.palette)
      .slice(0, rows - 1)
      .map((line) => clip(terminal.shown(line), columns));
    const up = height === 0 ? '' : `\u001B[${height}A`;
    terminal.write(`${up}\r${CLEAR_BELOW}${lines.join('\n')}\n`);
    height = lines.length;
  };
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, FRAME_MS);
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(timer);
    terminal.showCursor();
  };
  terminal.hideCursor();
  // A signal ends the process before anything else sees it.
  signal.addEventListener('abort', close, { once: true });
  return {
    show: (version) => {
      if (version === undefined) return;
      node = version;
      interruption = undefined;
      clock = advanced(clock, version.status?.plan, now().getTime());
      draw();
    },
    interrupted: (message) => {
      interruption = message;
      draw();
    },
    close,
  };
}
