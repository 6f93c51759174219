import { isSameQuantity } from '../pod/quantity.ts';

/** The parts of an object's JSON. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

/** The field that identifies the entries of a list, by the list's name, as in the API. */
const LIST_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  ports: 'name',
  volumeMounts: 'mountPath',
  ownerReferences: 'uid',
};

/**
 * Lists without a key in which additions of others do no harm: a policy may give every pod a toleration,
 * which takes nothing from the node and would come back after each apply. An addition is drift where the
 * order or the number of entries has a meaning, as in a command.
 */
const ADDITIVE_LISTS = new Set(['tolerations']);

/** Maps that belong to one owner as a whole: an apply removes entries that somebody else has added. */
const WHOLE_MAPS = new Set(['selector', 'nodeSelector']);

const QUANTITY_PARENTS = new Set(['requests', 'limits']);

/**
 * Returns the paths of the rendered fields that differ on the live object, such as `spec.replicas`. Fields that only
 * the live object has are not ours: API defaults, and entries that others have added to a list or a map.
 */
export function driftingFields(rendered: Json, live: Json | undefined): readonly string[] {
  const found: string[] = [];
  compare(rendered, live, [], found);
  return found;
}

function compare(
  rendered: Json,
  live: Json | undefined,
  path: readonly string[],
  found: string[],
): void {
  if (isList(rendered)) {
    compareLists(rendered, isList(live) ? live : [], path, found);
  } else if (isObject(rendered)) {
    const liveObject = isObject(live) ? live : {};
    for (const [field, value] of Object.entries(rendered)) {
      if (value !== undefined) compare(value, liveObject[field], [...path, field], found);
    }
    if (WHOLE_MAPS.has(path.at(-1) ?? '')) {
      const added = Object.keys(liveObject).filter((field) => rendered[field] === undefined);
      found.push(...added.map((field) => [...path, field].join('.')));
    }
    // An empty object, such as emptyDir: {}, has a meaning of its own.
    if (Object.keys(rendered).length === 0 && !isObject(live)) found.push(path.join('.'));
  } else if (!isSameValue(rendered, live, path)) {
    found.push(path.join('.'));
  }
}

function compareLists(
  rendered: readonly Json[],
  live: readonly Json[],
  path: readonly string[],
  found: string[],
): void {
  const key = LIST_KEYS[path.at(-1) ?? ''];
  if (key === undefined) {
    if (ADDITIVE_LISTS.has(path.at(-1) ?? '')) {
      const isMissing = rendered.some((entry) => !live.some((other) => isAsRendered(entry, other)));
      if (isMissing) found.push(path.join('.'));
      return;
    }
    // Lists without a key belong to one owner as a whole.
    if (rendered.length !== live.length) found.push(path.join('.'));
    else
      rendered.forEach((value, index) =>
        compare(value, live[index], [...path, String(index)], found),
      );
    return;
  }
  for (const entry of rendered) {
    const id = keyOfEntry(entry, key);
    const match = live.find((candidate) => keyOfEntry(candidate, key) === id);
    compare(entry, match, [...path, id], found);
  }
}

function isAsRendered(rendered: Json, live: Json): boolean {
  return driftingFields(rendered, live).length === 0;
}

function keyOfEntry(entry: Json, key: string): string {
  return isObject(entry) ? String(entry[key] as string | number) : JSON.stringify(entry);
}

function isSameValue(rendered: Json, live: Json | undefined, path: readonly string[]): boolean {
  if (QUANTITY_PARENTS.has(path.at(-2) ?? '')) {
    return isScalar(rendered) && isScalar(live) && isSameQuantity(`${rendered}`, `${live}`);
  }
  // The API server does not store values that mean nothing.
  if (live === undefined) return rendered === false || rendered === '';
  return rendered === live;
}

function isScalar(value: Json | undefined): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
