/** One series of an exposition, as Prometheus writes it. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;
const LABEL = /(?<key>\w+)="(?<text>(?:[^"\\]|\\.)*)"/g;

/** @throws when a line is neither a comment nor a series */
export function parseExposition(text: string): readonly Series[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const { name, labels = '', value } = LINE.exec(line)?.groups ?? {};
    if (name === undefined || value === undefined) throw new Error(`no series: ${line}`);
    const pairs = [...labels.matchAll(LABEL)].map(({ groups }) => [
      groups?.['key'],
      groups?.['text'],
    ]);
    return { name, labels: Object.fromEntries(pairs) as Series['labels'], value: Number(value) };
  });
}

/** The sum of the series of that name that have these labels; undefined when there are none. */
export function sumOf(
  series: readonly Series[],
  name: string,
  labels: Series['labels'] = {},
): number | undefined {
  const found = series.filter(
    (one) =>
      one.name === name &&
      Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  if (found.length === 0) return undefined;
  return found.reduce((sum, { value }) => sum + value, 0);
}
