import { createApplyRbacProxyConfig } from './apply-rbac-proxy-config.ts';
import { createApplyService } from './apply-service.ts';
import { createApplyStatefulSet } from './apply-statefulset.ts';
import { createBeginDelete } from './begin-delete.ts';
import { createBeginInit } from './begin-init.ts';
import { createBeginSync } from './begin-sync.ts';
import { createBeginUpdate } from './begin-update.ts';
import type { NodeActivities } from './contract.ts';
import { createDecideDueWork } from './decide-due-work.ts';
import { createDeleteDataPvc } from './delete-data-pvc.ts';
import { createDeleteStatefulSet } from './delete-statefulset.ts';
import type { ActivityDeps } from './deps.ts';
import { createEnsureDataPvc } from './ensure-data-pvc.ts';
import { createFailInit } from './fail-init.ts';
import { createFailSync } from './fail-sync.ts';
import { createFailUpdate } from './fail-update.ts';
import { withFailurePolicy } from './failure-policy.ts';
import { createFinishInit } from './finish-init.ts';
import { createFinishSync } from './finish-sync.ts';
import { createFinishUpdate } from './finish-update.ts';
import { createMarkReady } from './mark-ready.ts';
import { createObserveImage } from './observe-image.ts';
import { createReadTarget } from './read-target.ts';
import { createRecordStall } from './record-stall.ts';
import { createRemoveFinalizer } from './remove-finalizer.ts';
import { createReplacePod } from './replace-pod.ts';
import { createSteer } from './steer.ts';
import { createTakeOver } from './take-over.ts';

/** All activities, as the worker registers them. */
export function createActivities(deps: ActivityDeps): NodeActivities {
  return {
    beginUpdate: withFailurePolicy(createBeginUpdate(deps)),
    finishUpdate: withFailurePolicy(createFinishUpdate(deps)),
    failUpdate: withFailurePolicy(createFailUpdate(deps)),
    beginInit: withFailurePolicy(createBeginInit(deps)),
    finishInit: withFailurePolicy(createFinishInit(deps)),
    failInit: withFailurePolicy(createFailInit(deps)),
    beginSync: withFailurePolicy(createBeginSync(deps)),
    finishSync: withFailurePolicy(createFinishSync(deps)),
    failSync: withFailurePolicy(createFailSync(deps)),
    beginDelete: withFailurePolicy(createBeginDelete(deps)),
    recordStall: withFailurePolicy(createRecordStall(deps)),
    steer: withFailurePolicy(createSteer(deps)),
    ensureDataPvc: withFailurePolicy(createEnsureDataPvc(deps)),
    applyRbacProxyConfig: withFailurePolicy(createApplyRbacProxyConfig(deps)),
    applyStatefulSet: withFailurePolicy(createApplyStatefulSet(deps)),
    applyService: withFailurePolicy(createApplyService(deps)),
    replacePod: withFailurePolicy(createReplacePod(deps)),
    observeImage: withFailurePolicy(createObserveImage(deps)),
    markReady: withFailurePolicy(createMarkReady(deps)),
    deleteStatefulSet: withFailurePolicy(createDeleteStatefulSet(deps)),
    deleteDataPvc: withFailurePolicy(createDeleteDataPvc(deps)),
    removeFinalizer: withFailurePolicy(createRemoveFinalizer(deps)),
    takeOver: withFailurePolicy(createTakeOver(deps)),
    decideDueWork: withFailurePolicy(createDecideDueWork(deps)),
    readTarget: withFailurePolicy(createReadTarget(deps)),
  };
}
