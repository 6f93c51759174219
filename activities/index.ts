import { createApplyRbacProxyConfig } from './apply-rbac-proxy-config.ts';
import { createApplyService } from './apply-service.ts';
import { createApplyStatefulSet } from './apply-statefulset.ts';
import { createBeginDelete } from './begin-delete.ts';
import { createBeginInit } from './begin-init.ts';
import { createBeginSync } from './begin-sync.ts';
import { createBeginUpdate } from './begin-update.ts';
import { createCheckProgress } from './check-progress.ts';
import { createConfigPatch } from './config-patch.ts';
import type { NodeActivities } from './contract.ts';
import { createDecideDueWork } from './decide-due-work.ts';
import { createDeleteDataPvc } from './delete-data-pvc.ts';
import { createDeleteStatefulSet } from './delete-statefulset.ts';
import type { ActivityDeps } from './deps.ts';
import { createEnsureDataPvc } from './ensure-data-pvc.ts';
import { createFailInit } from './fail-init.ts';
import { createFailSync } from './fail-sync.ts';
import { createFailUpdate } from './fail-update.ts';
import { withBookkeepingPolicy, withFailurePolicy } from './failure-policy.ts';
import { createFinishInit } from './finish-init.ts';
import { createFinishSync } from './finish-sync.ts';
import { createFinishUpdate } from './finish-update.ts';
import { createMarkReady } from './mark-ready.ts';
import { createObserveImage } from './observe-image.ts';
import { createReadTarget } from './read-target.ts';
import { createRecordStall } from './record-stall.ts';
import { createRemoveFinalizer } from './remove-finalizer.ts';
import { createReplacePod } from './replace-pod.ts';
import { createRunSidecarTask } from './run-sidecar-task.ts';
import { createSteer } from './steer.ts';
import { createTakeOver } from './take-over.ts';

/** All activities, as the worker registers them. */
export function createActivities(deps: ActivityDeps): NodeActivities {
  return {
    beginUpdate: withBookkeepingPolicy(createBeginUpdate(deps)),
    finishUpdate: withBookkeepingPolicy(createFinishUpdate(deps)),
    failUpdate: withBookkeepingPolicy(createFailUpdate(deps)),
    beginInit: withBookkeepingPolicy(createBeginInit(deps)),
    finishInit: withBookkeepingPolicy(createFinishInit(deps)),
    failInit: withBookkeepingPolicy(createFailInit(deps)),
    beginSync: withBookkeepingPolicy(createBeginSync(deps)),
    finishSync: withBookkeepingPolicy(createFinishSync(deps)),
    failSync: withBookkeepingPolicy(createFailSync(deps)),
    beginDelete: withBookkeepingPolicy(createBeginDelete(deps)),
    recordStall: withBookkeepingPolicy(createRecordStall(deps)),
    checkProgress: withBookkeepingPolicy(createCheckProgress(deps)),
    steer: withBookkeepingPolicy(createSteer(deps)),
    ensureDataPvc: withFailurePolicy(createEnsureDataPvc(deps)),
    applyRbacProxyConfig: withFailurePolicy(createApplyRbacProxyConfig(deps)),
    applyStatefulSet: withFailurePolicy(createApplyStatefulSet(deps)),
    applyService: withFailurePolicy(createApplyService(deps)),
    configPatch: withFailurePolicy(createConfigPatch(deps)),
    replacePod: withFailurePolicy(createReplacePod(deps)),
    observeImage: withFailurePolicy(createObserveImage(deps)),
    runSidecarTask: withFailurePolicy(createRunSidecarTask(deps)),
    markReady: withFailurePolicy(createMarkReady(deps)),
    deleteStatefulSet: withFailurePolicy(createDeleteStatefulSet(deps)),
    deleteDataPvc: withFailurePolicy(createDeleteDataPvc(deps)),
    removeFinalizer: withFailurePolicy(createRemoveFinalizer(deps)),
    takeOver: withBookkeepingPolicy(createTakeOver(deps)),
    decideDueWork: withBookkeepingPolicy(createDecideDueWork(deps)),
    readTarget: withBookkeepingPolicy(createReadTarget(deps)),
  };
}
