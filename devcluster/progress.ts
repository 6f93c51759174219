/** Shows a person what goes on while something takes long. */
export interface Progress {
  /** Shows that something starts; `what` reads like `building kube-apiserver 1.36.3`. */
  start(what: string): Activity;
  /** Writes a line that stands on its own. */
  note(line: string): void;
}

export interface Activity {
  /** Shows how far it is, such as `45 of 101 MB`. Cheap to call often. */
  detail(text: string): void;
  /** Shows that it has ended; `outcome` reads like `failed: …`, and is `done` by default. */
  end(outcome?: string): void;
}

export const silent: Progress = {
  start: () => ({ detail: () => undefined, end: () => undefined }),
  note: () => undefined,
};

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Shows progress on a stream: in a terminal one line that is kept up to date, elsewhere a line at the start, one every
 * 30 s, and one at the end.
 */
export function progressOn(output: Output): Progress {
  return {
    start: (what) => (output.isTTY === true ? lineInPlace(output, what) : lines(output, what)),
    note: (line) => void output.write(`${line}\n`),
  };
}

function lineInPlace(output: Output, what: string): Activity {
  const startedAt = performance.now();
  let detail = '';
  const draw = (): void => {
    const extra = detail === '' ? '' : `, ${detail}`;
    output.write(`\r\u001B[K${what} (${elapsed(startedAt)}${extra})`);
  };
  draw();
  const timer = setInterval(draw, 1000).unref();
  return {
    detail: (text) => void (detail = text),
    end(outcome = 'done') {
      clearInterval(timer);
      output.write(`\r\u001B[K${what}: ${outcome} (${elapsed(startedAt)})\n`);
    },
  };
}

function lines(output: Output, what: string): Activity {
  const startedAt = performance.now();
  let detail = '';
  output.write(`${what} …\n`);
  // Often enough that nobody takes a build of six minutes for dead.
  const timer = setInterval(() => {
    const extra = detail === '' ? '' : `, ${detail}`;
    output.write(`${what}: still at it (${elapsed(startedAt)}${extra})\n`);
  }, 30_000).unref();
  return {
    detail: (text) => void (detail = text),
    end(outcome = 'done') {
      clearInterval(timer);
      output.write(`${what}: ${outcome} (${elapsed(startedAt)})\n`);
    },
  };
}

function elapsed(since: number): string {
  const seconds = Math.round((performance.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
