/** Makes payloads that nobody meant to send, each from a seed alone. */

/** Makes numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

const SIMPLE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e9,
  2 ** 53,
  -(2 ** 31),
  1e308,
  '',
  ' ',
  '0',
  'null',
  '{}',
  'constructor',
  '__proto__',
  'change',
  'nodeInit',
  'default',
  'n0',
  'a\u0000b\u001b[31m',
  '\u202eright to left\u2066',
  '\ud83d half of a pair',
  '🙂'.repeat(50),
  '../../etc/passwd',
  '${jndi:ldap://x}',
  [],
  {},
];

/** Makes one payload: anything at all, or a valid one with a few mistakes, which now and then leave it valid. */
export function fuzzedPayload(seed: number, valid: readonly unknown[]): unknown {
  const random = randomOf(seed);
  if (random() < 0.35) return anything(random, 0);
  let payload = pick(random, valid);
  const mistakes = 1 + Math.floor(random() * 3);
  for (let made = 0; made < mistakes; made += 1) payload = withMistake(random, payload);
  return payload;
}

function anything(random: Random, depth: number): unknown {
  const choice = random();
  if (depth > 4 || choice < 0.5) return pick(random, SIMPLE);
  if (choice < 0.55) return 'x'.repeat(Math.floor(random() * 100_000));
  if (choice < 0.6) return nested(Math.floor(random() * 500));
  const size = Math.floor(random() * 5);
  if (choice < 0.8) return Array.from({ length: size }, () => anything(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: size }, () => [keyOf(random), anything(random, depth + 1)]),
  );
}

/** Changes, drops or adds one thing, on any level. */
function withMistake(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.1) return anything(random, 1);
  const entries: [string, unknown][] = Object.entries(value);
  const at = Math.floor(random() * entries.length);
  const entry = entries[at];
  const choice = random();
  if (entry === undefined || choice < 0.15) entries.push([keyOf(random), anything(random, 1)]);
  else if (choice < 0.35) entries.splice(at, 1);
  else entries[at] = [entry[0], withMistake(random, entry[1])];
  if (Array.isArray(value)) return entries.map(([, item]) => item);
  return Object.fromEntries(entries);
}

function keyOf(random: Random): string {
  const keys = ['node', 'uid', 'name', 'generation', 'reason', '__proto__', 'toString', '', 'x'];
  return String(pick(random, keys));
}

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { node: value };
  return value;
}

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined && from.length === 0) throw new Error('nothing to pick from');
  return picked as T;
}

/** Shows a payload as a line in the message of a failing test. */
export function shown(payload: unknown): string {
  return (JSON.stringify(payload) ?? 'undefined').slice(0, 500);
}
