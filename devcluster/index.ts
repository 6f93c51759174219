/** Exports what a program needs to bring a devcluster up and use it. Tests of the devcluster reach into its folders. */
export { bringUp } from './instance/bring-up.ts';
export type { Devcluster } from './instance/devcluster.ts';
export { establishCrd } from './instance/establish-crd.ts';
export { progressOn } from './progress.ts';
