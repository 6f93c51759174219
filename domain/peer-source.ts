import { podNameOf } from './node-ref.ts';
import type { PeerSource, SeiNode } from './sei-node.ts';

/** A source of peers as the sidecar's task discover-peers takes it. */
export type SidecarPeerSource =
  | {
      readonly type: 'ec2Tags';
      readonly region: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly type: 'static'; readonly addresses: readonly string[] }
  /** Hosts whose seid is asked for its node id. */
  | { readonly type: 'dnsEndpoints'; readonly endpoints: readonly string[] };

/**
 * Where the sidecar finds the node's peers. Labels are resolved here, because it has no access to
 * SeiNodes; a source that matches none is left out, since it would fail the whole task.
 *
 * @param nodes all SeiNodes that a label source may match.
 * @param clusterDomain under which the cluster's DNS has Services, such as `cluster.local`
 */
export function peerSources(
  node: SeiNode,
  nodes: Iterable<SeiNode>,
  clusterDomain: string,
): readonly SidecarPeerSource[] {
  const known = [...nodes];
  return (node.spec.peers ?? []).flatMap((source) =>
    sidecarSource(node, source, known, clusterDomain),
  );
}

/** The addresses of the node's peers; undefined when some of its peers have to be discovered. */
export function staticPeers(node: SeiNode): readonly string[] | undefined {
  const sources = node.spec.peers ?? [];
  const addresses = sources.flatMap((source) => source.static?.addresses ?? []);
  const isStatic = sources.every((source) => source.static !== undefined);
  return isStatic && addresses.length > 0 ? addresses : undefined;
}

function sidecarSource(
  node: SeiNode,
  { ec2Tags, static: fixed, label }: PeerSource,
  nodes: readonly SeiNode[],
  clusterDomain: string,
): readonly SidecarPeerSource[] {
  if (ec2Tags !== undefined) {
    return [{ type: 'ec2Tags', region: ec2Tags.region, tags: ec2Tags.tags }];
  }
  if (fixed !== undefined) return [{ type: 'static', addresses: fixed.addresses }];
  if (label === undefined) return [];
  const namespace = label.namespace ?? node.metadata.namespace;
  const endpoints = nodes
    .filter((peer) => peer.metadata.namespace === namespace && isMatch(peer, label.selector))
    .filter((peer) => peer.metadata.uid !== node.metadata.uid && answersForItsId(peer))
    .map((peer) => podHostOf(peer, clusterDomain))
    .toSorted();
  return endpoints.length === 0 ? [] : [{ type: 'dnsEndpoints', endpoints }];
}

function isMatch(peer: SeiNode, selector: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([name, value]) => peer.metadata.labels?.[name] === value);
}

/**
 * A seid that has not been let through cannot tell its id. Nodes that come up together and are each
 * other's peers would wait for each other.
 */
function answersForItsId(peer: SeiNode): boolean {
  return peer.status?.phase === 'Running' && peer.metadata.deletionTimestamp === undefined;
}

function podHostOf({ metadata }: SeiNode, clusterDomain: string): string {
  const { name, namespace } = metadata;
  return `${podNameOf(metadata)}.${name}.${namespace}.svc.${clusterDomain}`;
}
