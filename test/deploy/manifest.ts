import type {
  V1ConfigMap,
  V1Container,
  V1Deployment,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
} from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

/** An object of `deploy/`, as far as all kinds are alike. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Objects by kind and name. */
export interface Manifests {
  readonly all: readonly Manifest[];
  deployment(name: string): V1Deployment;
  /** The rules of all roles that a service account is bound to. */
  rulesOf(account: string): readonly V1PolicyRule[];
  /** The first ConfigMap whose name begins so: kustomize adds a hash to generated ones. */
  configMap(prefix: string): V1ConfigMap;
}

/** @param text YAML documents */
export function parseManifests(text: string): Manifests {
  const all = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  const find = <T>(kind: string, fits: (name: string) => boolean): T => {
    const found = all.find((each) => each.kind === kind && fits(each.metadata.name));
    if (found === undefined) throw new Error(`there is no such ${kind}`);
    return found as T;
  };
  return {
    all,
    deployment: (name) => find('Deployment', (each) => each === name),
    rulesOf: (account) =>
      (all as V1RoleBinding[])
        .filter(({ subjects }) => subjects?.some(({ name }) => name === account))
        .flatMap(({ roleRef: { kind, name } }) => find<V1Role>(kind, (each) => each === name).rules)
        .filter((rule) => rule !== undefined),
    configMap: (prefix) => find('ConfigMap', (each) => each.startsWith(prefix)),
  };
}

/** Each right of the rules as `verb group/resource`. */
export function rightsIn(rules: readonly V1PolicyRule[]): readonly string[] {
  return rules.flatMap(({ verbs, apiGroups = [], resources = [] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
    ),
  );
}

/** The container that does the pod's work. */
export function containerOf(deployment: V1Deployment): V1Container {
  const [container] = deployment.spec?.template.spec?.containers ?? [];
  if (container === undefined) throw new Error('the Deployment has no container');
  return container;
}
