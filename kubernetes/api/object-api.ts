import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { RawObject } from '../../domain/node/raw-object.ts';
import { isRawObject } from '../../domain/node/raw-object.ts';
import { FIELD_MANAGER } from '../../domain/node/sei-node.ts';
import type { KubernetesConnection } from './client.ts';
import { isNotFound } from './errors.ts';
import { METADATA_ONLY } from './metadata-only.ts';
import type { Resource } from './resource.ts';
import { listPath, objectPath } from './resource.ts';

/** The verbs of the Kubernetes API that we use, one request each. */
export interface ObjectApi {
  /** Reads an object; undefined when it does not exist. */
  get(resource: Resource, key: ObjectKey): Promise<RawObject | undefined>;
  /** Reads only the metadata of an object; nothing else of it leaves the API server. */
  getMetadata(resource: Resource, key: ObjectKey): Promise<RawObject | undefined>;
  /**
   * Lists all selected objects page by page, as one consistent state.
   *
   * @param view reduces an object to what is kept, so that only one page of whole objects is ever in memory
   */
  list<T>(
    resource: Resource,
    namespace: string,
    selector: Selector,
    view: (object: RawObject) => T,
  ): Promise<readonly T[]>;
  create(resource: Resource, body: Manifest): Promise<RawObject>;
  /** Does the same up to the last check, and stores nothing. */
  dryRunCreate(resource: Resource, body: Manifest): Promise<RawObject>;
  /**
   * Applies server-side, by force: the objects are ours, and a field that somebody else has taken is taken back; fields
   * that we leave out stay theirs.
   */
  apply(resource: Resource, body: Manifest): Promise<RawObject>;
  /** Patches the object except for its status, by JSON merge patch (RFC 7386). */
  patch(resource: Resource, key: ObjectKey, patch: object): Promise<RawObject>;
  /** Patches the status subresource, by JSON merge patch (RFC 7386). */
  patchStatus(resource: Resource, key: ObjectKey, patch: object): Promise<RawObject>;
  delete(resource: Resource, key: ObjectKey, options: DeleteOptions): Promise<void>;
}

export type Selector =
  | { readonly labelSelector: string; readonly fieldSelector?: never }
  | { readonly fieldSelector: string; readonly labelSelector?: never };

/** An object to be written. */
interface Manifest {
  readonly kind?: string;
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}

interface DeleteOptions {
  /** Refuses the delete with a conflict unless the object is this one, at this version. */
  readonly preconditions: { readonly uid: string; readonly resourceVersion: string };
  readonly propagationPolicy: 'Background' | 'Foreground' | 'Orphan';
}

/** More pods than a namespace normally has, and few enough that large ones fit in memory. */
const PAGE_SIZE = 100;

const APPLY_QUERY = new URLSearchParams({ fieldManager: FIELD_MANAGER, force: 'true' }).toString();
const MANAGER_QUERY = new URLSearchParams({ fieldManager: FIELD_MANAGER }).toString();
const DRY_RUN_QUERY = new URLSearchParams({
  fieldManager: FIELD_MANAGER,
  dryRun: 'All',
}).toString();

export function createObjectApi(connection: Pick<KubernetesConnection, 'send'>): ObjectApi {
  const send: (...args: Parameters<typeof connection.send>) => Promise<RawObject> = async (
    request,
  ) => {
    const answer = await connection.send(request);
    if (isRawObject(answer)) return answer;
    throw new Error(`${request.method} ${request.path} was not answered with an object`);
  };

  const mergePatch = (path: string, patch: object): Promise<RawObject> =>
    send({
      method: 'PATCH',
      path: `${path}?${MANAGER_QUERY}`,
      contentType: 'application/merge-patch+json',
      body: patch,
    });

  const create = (resource: Resource, body: Manifest, query: string): Promise<RawObject> => {
    const path = `${listPath(resource, keyOfManifest(body).namespace)}?${query}`;
    return send({ method: 'POST', path, body });
  };

  const get = async (request: Parameters<typeof send>[0]): Promise<RawObject | undefined> => {
    try {
      return await send(request);
    } catch (err) {
      if (isNotFound(err)) return undefined;
      throw err;
    }
  };

  return {
    get: (resource, key) => get({ method: 'GET', path: objectPath(resource, key) }),
    getMetadata: (resource, key) =>
      get({ method: 'GET', path: objectPath(resource, key), accept: METADATA_ONLY }),
    list: async (resource, namespace, selector, view) => {
      const query = new URLSearchParams(selector);
      query.set('limit', String(PAGE_SIZE));
      const views: ReturnType<typeof view>[] = [];
      for (;;) {
        const path = `${listPath(resource, namespace)}?${query.toString()}`;
        const { items, metadata } = await send({ method: 'GET', path });
        if (Array.isArray(items)) views.push(...items.filter(isRawObject).map(view));
        const next = isRawObject(metadata) ? metadata['continue'] : undefined;
        if (typeof next !== 'string' || next === '') return views;
        query.set('continue', next);
      }
    },
    create: (resource, body) => create(resource, body, MANAGER_QUERY),
    dryRunCreate: (resource, body) => create(resource, body, DRY_RUN_QUERY),
    apply: (resource, body) =>
      send({
        method: 'PATCH',
        path: `${objectPath(resource, keyOfManifest(body))}?${APPLY_QUERY}`,
        contentType: 'application/apply-patch+yaml',
        body,
      }),
    patch: (resource, key, patch) => mergePatch(objectPath(resource, key), patch),
    patchStatus: (resource, key, patch) => mergePatch(`${objectPath(resource, key)}/status`, patch),
    delete: async (resource, key, options) => {
      await send({ method: 'DELETE', path: objectPath(resource, key), body: options });
    },
  };
}

function keyOfManifest({ kind = 'object', metadata }: Manifest): ObjectKey {
  const { namespace, name } = metadata ?? {};
  if (namespace === undefined || name === undefined) {
    throw new Error(`A ${kind} to be written lacks its name or its namespace`);
  }
  return { namespace, name };
}
