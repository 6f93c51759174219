import type { Testbed } from '../support/testbed/testbed.ts';

/** A refusal of the API server in the testbed's namespace. */
interface Refusal {
  readonly name: string;
  readonly operation: 'UPDATE' | 'DELETE';
  /** A resource of the core group. */
  readonly resource: string;
  /** By default all of them. */
  readonly resourceNames?: readonly string[];
  /** A CEL expression: the API server refuses a request for which it does not hold. */
  readonly expression: string;
  /** The words of the refusal. */
  readonly message: string;
}

/** Applies a ValidatingAdmissionPolicy and its binding, both of the name. */
export async function applyPolicy(bed: Testbed, refusal: Refusal): Promise<void> {
  const { name, operation, resource, resourceNames, expression, message } = refusal;
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': bed.namespace } },
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: [operation],
            resources: [resource],
            ...(resourceNames && { resourceNames }),
          },
        ],
      },
      validations: [{ expression, message }],
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
  const items = [policy, binding];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await bed.kubectl(['apply', '--server-side', '-f', '-'], { input: list });
}
