import type { PodTrouble } from '../../domain/pod/pod-trouble.ts';
import type { Advice } from './advice.ts';
import { aboutPod, allOf, kubectl, machinesOfLeaving, orRollback, setImage } from './advice.ts';
import { FIX_AND_RETRY } from './failure-advice.ts';
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
    'create the Secret or ConfigMap that its environment lacks; the work then goes on',
    (pod) => `describe pod ${pod}`,
  ),
  FailedMount: aboutPod(
    'create the Secret or ConfigMap that the pod mounts; the work then goes on',
    (pod) => `describe pod ${pod}`,
  ),
  FailedAttachVolume: kubectl(
    'find the machine that still has the volume; the work goes on once it lets go',
    () => 'get volumeattachment',
  ),
  FailedCreatePodSandBox: aboutPod(
    'check the machine of the pod and its network',
    (pod) => `get pod ${pod} -o wide`,
  ),
  PodRefused: kubectl(
    'fix the quota or policy that the message names; the work then goes on',
    () => 'get resourcequota,limitrange',
  ),
  Unschedulable: aboutPod(
    'make room on the node pool, or label it; the work then goes on',
    (pod) => `describe pod ${pod}`,
  ),
  PodTerminating: allOf(
    aboutPod(
      'check the machine of the pod, which may still run and sign',
      (pod) => `get pod ${pod} -o wide`,
    ),
    machinesOfLeaving,
  ),
  PVCNotReady: FIX_AND_RETRY,
} as const satisfies Record<PodTrouble['reason'], Advice>;
