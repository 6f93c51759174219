import { z } from 'zod';

import type { AuditEvent } from './audit-event.ts';
import type { TracedKind, TracedObject } from './traced-object.ts';
import { TRACED_KINDS, tracedObject } from './traced-object.ts';

/** The requester and the request, for the rules and for people. */
export interface TracedRequest {
  readonly userAgent: string;
  readonly verb: string;
  readonly uri: string;
  readonly code: number;
  readonly receivedAt: string;
  readonly answeredAt: string;
  /** The fields that the body has, two levels down: `spec.ports`. */
  readonly fields: readonly string[];
}

/** The effect on one object of a request that the API server carried out. */
export type Effect =
  | { readonly kind: 'stored'; readonly object: TracedObject; readonly isWhole: boolean }
  | {
      readonly kind: 'scaled';
      readonly uid: string;
      readonly resourceVersion: number;
      readonly replicas: number;
    }
  /** The object is gone. */
  | { readonly kind: 'removed'; readonly object: TracedObject; readonly isWhole: boolean }
  /** The same, and the trace shows no more of it than this. */
  | { readonly kind: 'removed-unseen'; readonly object: TracedKind; readonly uid: string }
  /** The object was asked to go; the trace does not show what came of it. */
  | {
      readonly kind: 'dismissed';
      readonly object: TracedKind;
      readonly namespace: string;
      readonly name: string;
      /** The object before the request, if the trace shows it. */
      readonly last?: TracedObject;
    };

const status = z.object({ kind: z.literal('Status'), details: z.object({ uid: z.string() }) });
/** The answer to a delete in the last moment, where another was faster: the object, of no version. */
const unversioned = z.object({
  metadata: z.object({ uid: z.string(), resourceVersion: z.never().optional() }),
});
const list = z.object({ items: z.array(z.unknown()) });
const scale = z.object({
  kind: z.literal('Scale'),
  metadata: z.object({ uid: z.string(), resourceVersion: z.string() }),
  spec: z.object({ replicas: z.number().default(0) }),
});
const named = z.object({ kind: z.string() });
const deleteOptions = z.object({ dryRun: z.array(z.string()) });

export function requestOf(event: AuditEvent): TracedRequest {
  return {
    userAgent: event.userAgent,
    verb: event.verb,
    uri: event.requestURI,
    code: event.responseStatus?.code ?? 0,
    receivedAt: event.requestReceivedTimestamp,
    answeredAt: event.stageTimestamp,
    fields: fieldsOf(event.requestObject),
  };
}

/**
 * Reads the effect of a request from it and its answer: nothing for one that was refused or only tried.
 *
 * @throws for an answer that it does not understand: a rule that overlooks a write guards nothing
 */
export function effectsOf(event: AuditEvent): readonly Effect[] {
  const { verb, objectRef, responseObject: answer } = event;
  const kind = kindOf(objectRef.resource);
  const code = event.responseStatus?.code ?? 0;
  if (kind === undefined || code < 200 || code >= 300 || isDryRun(event)) return [];
  // The machine that the scheduler has chosen is in the pod's next status.
  if (objectRef.subresource === 'binding') return [];
  if (objectRef.subresource === 'eviction') {
    const { namespace, name } = objectRef;
    return [{ kind: 'dismissed', object: kind, namespace, name }];
  }
  if (objectRef.subresource === 'scale') {
    const { metadata, spec } = scale.parse(answer);
    const resourceVersion = Number(metadata.resourceVersion);
    return [{ kind: 'scaled', uid: metadata.uid, resourceVersion, replicas: spec.replicas }];
  }
  if (verb === 'deletecollection') {
    return list.parse(answer).items.map((item): Effect => {
      const last = tracedObject(kind, item);
      return { kind: 'dismissed', object: kind, namespace: last.namespace, name: last.name, last };
    });
  }
  if (verb === 'delete' && status.safeParse(answer).success) {
    return [{ kind: 'removed-unseen', object: kind, uid: status.parse(answer).details.uid }];
  }
  if (verb === 'delete') {
    const gone = unversioned.safeParse(answer).data;
    if (gone !== undefined) {
      return [{ kind: 'removed-unseen', object: kind, uid: gone.metadata.uid }];
    }
  }
  const answered = named.parse(answer).kind;
  if (answered !== kind && answered !== 'PartialObjectMetadata') {
    throw new Error(`${verb} ${event.requestURI} was answered with a ${answered}`);
  }
  const object = tracedObject(kind, answer);
  return [
    { kind: isRemoved(verb, object) ? 'removed' : 'stored', object, isWhole: answered === kind },
  ];
}

/** Decides as the API server does: an object is gone once nothing holds it back, be it a finalizer or a grace. */
function isRemoved(verb: string, object: TracedObject): boolean {
  if (object.finalizers.length > 0 || object.graceSeconds > 0) return false;
  return verb === 'delete' || object.deletionTimestamp !== undefined;
}

function isDryRun({ requestURI, verb, requestObject }: AuditEvent): boolean {
  if (new URL(requestURI, 'https://api-server').searchParams.has('dryRun')) return true;
  return (
    verb.startsWith('delete') &&
    (deleteOptions.safeParse(requestObject).data?.dryRun.length ?? 0) > 0
  );
}

function kindOf(resource: string): TracedKind | undefined {
  return (TRACED_KINDS as Readonly<Record<string, TracedKind>>)[resource];
}

const record = z.record(z.string(), z.unknown());

function fieldsOf(body: unknown): string[] {
  return Object.entries(record.safeParse(body).data ?? {}).flatMap(([key, value]) => {
    const below = Object.keys(record.safeParse(value).data ?? {});
    return below.length === 0 ? [key] : below.map((name) => `${key}.${name}`);
  });
}
