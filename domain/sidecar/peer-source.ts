import type { PeerSource, SeiNode } from '../node/sei-node.ts';
import { podHostOf } from '../pod/pod-host.ts';
import { canonicalJson } from '../text/canonical-json.ts';

/** A source of peers in the form of the sidecar's task discover-peers. */
export type SidecarPeerSource =
  | {
      readonly type: 'ec2Tags';
      readonly region: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly type: 'static'; readonly addresses: readonly string[] }
  /** Hosts whose seid the sidecar asks for its node id. */
  | { readonly type: 'dnsEndpoints'; readonly endpoints: readonly string[] };

/** Far more than a node connects to; the sidecar asks each for its id. All label sources of a node share it. */
const MOST_ENDPOINTS = 500;

/** The most sources that the CRD takes; an object that is older than its limit may have more. */
const MOST_SELECTIONS = 64;

/**
 * Returns the sources of the node's peers for the sidecar. Resolves labels here, because the sidecar has no
 * access to SeiNodes. Leaves out a source that matches no node, since it would fail the whole task, and any
 * endpoint that an earlier source has found.
 *
 * @param nodes all SeiNodes that a label source may match; read once, and only for a label source.
 * @param clusterDomain under which the cluster's DNS has Services, such as `cluster.local`
 */
export function peerSources(
  node: SeiNode,
  nodes: Iterable<SeiNode>,
  clusterDomain: string,
): readonly SidecarPeerSource[] {
  const sources = node.spec.peers ?? [];
  const selections = selectionsOf(node, sources);
  const byNamespace = answeringNodes(node, nodes, selections);
  const found = new Set<string>();

  const newEndpoints = ({ namespace, selector }: Selection): readonly string[] => {
    const endpoints = (byNamespace.get(namespace) ?? [])
      .filter((peer) => isMatch(peer, selector))
      .map((peer) => podHostOf(peer.metadata, clusterDomain))
      .filter((endpoint) => !found.has(endpoint))
      .toSorted()
      .slice(0, MOST_ENDPOINTS - found.size);
    for (const endpoint of endpoints) found.add(endpoint);
    return endpoints;
  };

  return sources.flatMap((source): readonly SidecarPeerSource[] => {
    const { ec2Tags, static: fixed } = source;
    if (ec2Tags !== undefined) {
      return [{ type: 'ec2Tags', region: ec2Tags.region, tags: ec2Tags.tags }];
    }
    if (fixed !== undefined) return [{ type: 'static', addresses: fixed.addresses }];
    const selection = selections.get(source);
    const endpoints = selection === undefined ? [] : newEndpoints(selection);
    return endpoints.length === 0 ? [] : [{ type: 'dnsEndpoints', endpoints }];
  });
}

/** Returns the addresses of the node's peers; undefined if some of its peers have to be discovered. */
export function staticPeers(node: SeiNode): readonly string[] | undefined {
  const sources = node.spec.peers ?? [];
  const addresses = sources.flatMap((source) => source.static?.addresses ?? []);
  const isStatic = sources.every((source) => source.static !== undefined);
  return isStatic && addresses.length > 0 ? addresses : undefined;
}

/** Returns the namespaces in which a label source looks for peers. */
export function peerNamespaces(node: SeiNode): ReadonlySet<string> {
  const selections = selectionsOf(node, node.spec.peers ?? []);
  return new Set([...selections.values()].map(({ namespace }) => namespace));
}

interface Selection {
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
}

/** Returns the selection of each label source, for the first source that asks for it. */
function selectionsOf(
  { metadata }: SeiNode,
  sources: readonly PeerSource[],
): ReadonlyMap<PeerSource, Selection> {
  const known = new Set<string>();
  const selections = new Map<PeerSource, Selection>();
  for (const source of sources) {
    if (source.label === undefined) continue;
    const { namespace = metadata.namespace, selector } = source.label;
    const key = canonicalJson([namespace, selector]);
    if (known.has(key)) continue;
    known.add(key);
    selections.set(source, { namespace, selector });
    if (selections.size === MOST_SELECTIONS) break;
  }
  return selections;
}

/** Returns the other nodes that could answer, by each namespace in which the sources look for peers. */
function answeringNodes(
  node: SeiNode,
  nodes: Iterable<SeiNode>,
  selections: ReadonlyMap<PeerSource, Selection>,
): ReadonlyMap<string, readonly SeiNode[]> {
  const byNamespace = new Map<string, SeiNode[]>();
  for (const { namespace } of selections.values()) byNamespace.set(namespace, []);
  if (byNamespace.size === 0) return byNamespace;
  for (const peer of nodes) {
    if (peer.metadata.uid === node.metadata.uid || !answersForItsId(peer)) continue;
    byNamespace.get(peer.metadata.namespace)?.push(peer);
  }
  return byNamespace;
}

function isMatch(peer: SeiNode, selector: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([name, value]) => peer.metadata.labels?.[name] === value);
}

/**
 * Returns whether the node's seid answers for its id. One that has not been let through cannot. Nodes that
 * come up together and are each other's peers would wait for each other.
 */
function answersForItsId(peer: SeiNode): boolean {
  return peer.status?.phase === 'Running' && peer.metadata.deletionTimestamp === undefined;
}
