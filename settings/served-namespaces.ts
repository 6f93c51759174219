import { z } from 'zod';

import { shownValue } from '../domain/text/shown-value.ts';

/**
 * Each namespace takes five watches of every process, with a connection each: beyond 250 of them the API
 * server has more work than with one watch of the whole cluster.
 */
const MOST = 50;

/** The syntax of a namespace's name in Kubernetes. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Names of namespaces, separated by commas. */
export const servedNamespaces = z.string().transform((text, context): readonly string[] => {
  const names = text.split(',').map((name) => name.trim());
  const refusal = refusalOf(names);
  if (refusal === undefined) return names;
  context.addIssue({ code: 'custom', message: refusal });
  return z.NEVER;
});

function refusalOf(names: readonly string[]): string | undefined {
  if (names.length > MOST) {
    return `must name at most ${MOST} namespaces, and not ${names.length}: leave it out to serve all of them (deploy/overlays/cluster-wide)`;
  }
  const bad = names.find((name) => !NAMESPACE.test(name));
  if (bad === '') return 'must have a name on each side of a comma, such as nodes-a,nodes-b';
  if (bad !== undefined) {
    return `must be names of namespaces (lower-case letters, digits and -), separated by commas, such as nodes-a,nodes-b, and not ${shownValue(bad)}`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice && `must name each namespace once, and not ${twice} twice`;
}
