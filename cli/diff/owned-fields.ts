import type { RawObject } from '../../domain/node/raw-object.ts';
import { isRawObject } from '../../domain/node/raw-object.ts';

/** The identity of a list entry in a field set, such as `k:{"name":"seid"}`. */
const KEYED = 'k:';
/** An entry of a set, by its value. */
const VALUED = 'v:';
const FIELD = 'f:';

/**
 * Returns the part of an object that a manager owns by server-side apply: the fields that an apply of that manager
 * sets, and removes once it no longer names them. API defaults and the fields of others are left out.
 */
export function ownedFields(object: unknown, manager: string): unknown {
  const fields = fieldSetsOf(object, manager);
  return fields.length === 0 ? undefined : project(object, fields);
}

function fieldSetsOf(object: unknown, manager: string): readonly RawObject[] {
  const metadata = isRawObject(object) ? object['metadata'] : undefined;
  const entries: unknown = isRawObject(metadata) ? metadata['managedFields'] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries
    .filter(isRawObject)
    .filter((entry) => entry['manager'] === manager && entry['operation'] === 'Apply')
    .map((entry) => entry['fieldsV1'])
    .filter(isRawObject);
}

/** Picks what the field sets name of a value; a set without members names the value as a whole. */
function project(value: unknown, sets: readonly RawObject[]): unknown {
  const members = sets.flatMap((set) => Object.entries(set)).filter(([key]) => key !== '.');
  if (members.length === 0) return value;
  if (Array.isArray(value)) {
    const entries: readonly unknown[] = value;
    return entries.flatMap((entry) => {
      const inner = members.filter(([key]) => isOf(entry, key)).map(([, set]) => set);
      return inner.length === 0 ? [] : [project(entry, inner.filter(isRawObject))];
    });
  }
  if (!isRawObject(value)) return value;
  const fields = Object.keys(value).flatMap((name) => {
    const inner = members.filter(([key]) => key === FIELD + name).map(([, set]) => set);
    if (inner.length === 0) return [];
    return [[name, project(value[name], inner.filter(isRawObject))] as const];
  });
  return Object.fromEntries(fields);
}

/** Returns whether a member of a field set names this entry of a list. */
function isOf(entry: unknown, member: string): boolean {
  if (member.startsWith(VALUED)) {
    return JSON.stringify(entry) === JSON.stringify(parsed(member.slice(VALUED.length)));
  }
  if (!member.startsWith(KEYED) || !isRawObject(entry)) return false;
  const key = parsed(member.slice(KEYED.length));
  return (
    isRawObject(key) &&
    Object.entries(key).every(([name, value]) => (entry[name] ?? DEFAULTS[name]) === value)
  );
}

/** The field set names a key field by its default where the object leaves it out. */
const DEFAULTS: RawObject = { protocol: 'TCP' };

function parsed(text: string): unknown {
  return JSON.parse(text) as unknown;
}
