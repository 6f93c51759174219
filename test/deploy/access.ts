/** One request, in the words of RBAC. */
export interface Access {
  readonly verb: string;
  /** Empty for the core group. */
  readonly apiGroup: string;
  /** With its subresource: `seinodes/status`. */
  readonly resource: string;
  /** Of the answer. */
  readonly status: number;
}

interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly status: number;
}

const OBJECT_VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  PATCH: 'patch',
  PUT: 'update',
  DELETE: 'delete',
};

/** Of a subresource such as `serviceaccounts/token`, which is made for an object that is there. */
const SUBRESOURCE_VERBS: Readonly<Record<string, string>> = { ...OBJECT_VERBS, POST: 'create' };

const COLLECTION_VERBS: Readonly<Record<string, string>> = {
  GET: 'list',
  POST: 'create',
  DELETE: 'deletecollection',
};

/** What was asked for; undefined for what is no resource, such as `/version`. */
export function accessOf({ method, url, status }: Exchange): Access | undefined {
  const { pathname, searchParams } = new URL(url, 'https://api-server');
  const [root, ...parts] = pathname.split('/').filter((part) => part !== '');
  if (root !== 'api' && root !== 'apis') return undefined;
  const apiGroup = root === 'api' ? '' : (parts.shift() ?? '');
  parts.shift();
  // A path of a namespace itself has nothing behind its name.
  if (parts[0] === 'namespaces' && parts.length > 2) parts.splice(0, 2);
  const [plural, name, subresource] = parts;
  if (plural === undefined) return undefined;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const verbs =
    name === undefined
      ? COLLECTION_VERBS
      : subresource === undefined
        ? OBJECT_VERBS
        : SUBRESOURCE_VERBS;
  const verb = searchParams.get('watch') === 'true' ? 'watch' : verbs[method];
  if (verb === undefined) throw new Error(`${method} ${pathname} is no request of a known kind`);
  return { verb, apiGroup, resource, status };
}

/** The rights that a request needs, each as `verb group/resource`. */
export function rightsOf({ verb, apiGroup, resource, status }: Access): readonly string[] {
  const rights = [`${verb} ${apiGroup}/${resource}`];
  // An apply of what is not there is checked as a create too.
  if (verb === 'patch' && status === 201) rights.push(`create ${apiGroup}/${resource}`);
  return rights;
}
