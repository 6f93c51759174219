import { createApplyRbacProxyConfig } from './apply-rbac-proxy-config.ts';
import { createApplyService } from './apply-service.ts';
import { createApplyStatefulSet } from './apply-statefulset.ts';
import { createAwaitMounts } from './await-mounts.ts';
import { createAwaitPodsGone } from './await-pods-gone.ts';
import { createBeginDelete } from './begin-delete.ts';
import { createBeginInit } from './begin-init.ts';
import { createBeginSync } from './begin-sync.ts';
import { createBeginUpdate } from './begin-update.ts';
import { createCheckProgress } from './check-progress.ts';
import { createConfigPatch } from './config-patch.ts';
import type { NodeActivities } from './contract/activities.ts';
import { createDecideDueWork } from './decide-due-work.ts';
import { createDeleteDataPvc } from './delete-data-pvc.ts';
import { createDeleteStatefulSet } from './delete-statefulset.ts';
import type { ActivityDeps } from './deps.ts';
import { createEnsureDataPvc } from './ensure-data-pvc.ts';
import { createFailInit } from './fail-init.ts';
import { createFailSync } from './fail-sync.ts';
import { createFailUpdate } from './fail-update.ts';
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
import { attemptApi, timed } from './shared/attempt-api.ts';
import { createHeartbeatShare } from './shared/heartbeats.ts';
import { withLastingStall } from './shared/stall-lasting-trouble.ts';
import { createWrappers } from './shared/wrappers.ts';
import { createSteer } from './steer.ts';
import { createTakeOver } from './take-over.ts';

/** Creates all activities, as the worker registers them. */
export function createActivities(given: ActivityDeps): NodeActivities {
  const deps = { ...given, api: attemptApi(given.api) };
  const { step, wait, bookkeeping, unstalled } = createWrappers(
    deps.cache,
    createHeartbeatShare(),
    (activity) => withLastingStall(deps, activity),
  );
  return {
    beginUpdate: bookkeeping(createBeginUpdate(deps)),
    finishUpdate: bookkeeping(createFinishUpdate(deps)),
    failUpdate: bookkeeping(createFailUpdate(deps)),
    beginInit: bookkeeping(createBeginInit(deps)),
    finishInit: bookkeeping(createFinishInit(deps)),
    failInit: bookkeeping(createFailInit(deps)),
    beginSync: bookkeeping(createBeginSync(deps)),
    finishSync: bookkeeping(createFinishSync(deps)),
    failSync: bookkeeping(createFailSync(deps)),
    beginDelete: bookkeeping(createBeginDelete(deps)),
    recordStall: unstalled(timed(createRecordStall(deps))),
    checkProgress: bookkeeping(createCheckProgress(deps)),
    steer: bookkeeping(createSteer(deps)),
    ensureDataPvc: step(createEnsureDataPvc(deps)),
    applyRbacProxyConfig: step(createApplyRbacProxyConfig(deps)),
    applyStatefulSet: step(createApplyStatefulSet(deps)),
    awaitMounts: wait(createAwaitMounts(deps)),
    applyService: step(createApplyService(deps)),
    configPatch: step(createConfigPatch(deps)),
    replacePod: wait(createReplacePod(deps)),
    observeImage: wait(createObserveImage(deps)),
    runSidecarTask: wait(createRunSidecarTask(deps)),
    markReady: wait(createMarkReady(deps)),
    deleteStatefulSet: step(createDeleteStatefulSet(deps)),
    awaitPodsGone: wait(createAwaitPodsGone(deps)),
    deleteDataPvc: step(createDeleteDataPvc(deps)),
    removeFinalizer: step(createRemoveFinalizer(deps)),
    takeOver: bookkeeping(createTakeOver(deps)),
    decideDueWork: unstalled(createDecideDueWork(deps)),
    readTarget: unstalled(createReadTarget(deps)),
  };
}
