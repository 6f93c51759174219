import { isRawObject } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, ok } from '../node/doctor-check.ts';
import { explainError } from '../shell/explain-error.ts';

const KUBERNETES = 'kubernetes';

export async function checkKubernetes(kubernetes: KubernetesConnection): Promise<DoctorCheck> {
  const { server } = kubernetes;
  try {
    const version = await kubernetes.getJson('/version');
    const { gitVersion } = isRawObject(version) ? version : {};
    return ok(KUBERNETES, `${String(gitVersion)} at ${server}`);
  } catch (err) {
    const { message } = explainError(err, server);
    return fail(KUBERNETES, message, 'use another --context, or check the API server');
  }
}
