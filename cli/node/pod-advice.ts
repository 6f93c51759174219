import type { PodTrouble } from '../../domain/pod/pod-trouble.ts';
import type { Advice } from './advice.ts';
import { aboutPod, allOf, kubectl, machinesOfLeaving, orRollback, setImage } from './advice.ts';
import { MEND_AND_RETRY } from './failure-advice.ts';
import { crashing } from './waiting-container.ts';

const anotherImage = allOf(setImage('set an image that can be pulled'), orRollback);

/** Advice for each trouble of a pod. */
export const POD_ADVICE = {
  ImagePullBackOff: anotherImage,
  InvalidImageName: anotherImage,
  CrashLoopBackOff: allOf(
    (patient) =>
      aboutPod(
        'see why it crashes',
        (pod) => `logs ${pod} -c ${crashing(patient.pods) ?? 'CONTAINER'}`,
      )(patient),
    setImage('then set another image'),
    orRollback,
  ),
  CreateContainerConfigError: aboutPod(
    'create the Secret or ConfigMap that its environment lacks; it goes on by itself',
    (pod) => `describe pod ${pod}`,
  ),
  FailedMount: aboutPod(
    'create the Secret or ConfigMap that the pod mounts; it goes on by itself',
    (pod) => `describe pod ${pod}`,
  ),
  FailedAttachVolume: kubectl(
    'see which machine still has the volume; it goes on by itself',
    () => 'get volumeattachment',
  ),
  FailedCreatePodSandBox: aboutPod(
    'see to the machine of the pod and its network',
    (pod) => `get pod ${pod} -o wide`,
  ),
  PodRefused: kubectl(
    'mend the quota or policy that it names; it goes on by itself',
    () => 'get resourcequota,limitrange',
  ),
  Unschedulable: aboutPod(
    'make room or labels on the node pool; it goes on by itself',
    (pod) => `describe pod ${pod}`,
  ),
  PodTerminating: allOf(
    aboutPod(
      'see to the machine of the pod, which may still run and sign',
      (pod) => `get pod ${pod} -o wide`,
    ),
    machinesOfLeaving,
  ),
  PVCNotReady: MEND_AND_RETRY,
} as const satisfies Record<PodTrouble['reason'], Advice>;
