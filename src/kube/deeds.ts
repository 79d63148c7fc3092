/**
 * Codes of everything that can be a cause. Each has one sentence template per language in the page
 * (`app/i18n/<locale>/deeds.ts`); a test fails when one is missing. Params are listed behind each code.
 */
export const deedCodes = [
  // inputs of the learner (by: `you`)
  'input.kubectl', // line
  'input.fault', // fault, target
  'input.traffic', // target, rps
  // writes by the API server itself or by unknown clients
  'api.create', // kind, name
  'api.update',
  'api.patch',
  'api.delete',
  'api.deletecollection',
  // controllers
  'deployment.create-replicaset', // replicaset, replicas
  'deployment.scale-up', // replicaset, from, to
  'deployment.scale-down', // replicaset, from, to
  'deployment.sync-replicaset', // replicaset
  'deployment.adopt',
  'deployment.release',
  'deployment.cleanup', // replicaset
  'deployment.rollback',
  'deployment.status',
  'deployment.stalled', // seconds
  'replicaset.create-pod', // desired, current
  'replicaset.delete-pod', // desired, current
  'replicaset.adopt',
  'replicaset.release',
  'replicaset.status',
  'replicationcontroller.create-pod', // desired, current
  'replicationcontroller.delete-pod', // desired, current
  'replicationcontroller.adopt',
  'replicationcontroller.release',
  'replicationcontroller.status',
  'endpointslice.write', // service, total
  'endpoints.write',
  'garbagecollector.delete', // owner
  'garbagecollector.orphan',
  'garbagecollector.finish',
  'namespace.delete-content',
  'namespace.finalize',
  'serviceaccount.create',
  'rootca.publish',
  'nodelifecycle.not-ready', // seconds
  'nodelifecycle.ready',
  'nodelifecycle.pod-not-ready', // node
  'nodelifecycle.taint', // taint
  'nodelifecycle.untaint',
  'tainteviction.delete-pod', // taint, seconds
  'podgc.delete', // why
  'disruption.status', // allowed, healthy, desired
  'disruption.allow', // pod, left
  'disruption.stale',
  'service.allocate',
  // cloud
  'cloud.assign-address', // ip
  'cloud.release-address', // ip
  // event recorders of all components
  'event.record', // reason
  // scheduler
  'scheduler.bind', // node
  'scheduler.unschedulable', // message
  // kubelet
  'kubelet.register',
  'kubelet.lease',
  'kubelet.node-status',
  'kubelet.status', // phase
  'kubelet.pulled', // image, seconds
  'kubelet.pull-failed', // image
  'kubelet.container-created', // container
  'kubelet.container-started', // container
  'kubelet.container-exited', // container, exitCode, reason
  'kubelet.restart', // container, restarts
  'kubelet.backoff', // container, seconds
  'kubelet.probe-failed', // container, probe, message
  'kubelet.probe-succeeded', // container, probe
  'kubelet.killing', // container, why
  'kubelet.pod-removed',
  'kubelet.config-error', // message
  // machines
  'machine.down', // node
  'machine.up',
] as const;

/** A code of the list above. */
export type DeedCode = (typeof deedCodes)[number];

/** Why a client writes: template and its values. */
export interface Why {
  readonly code: DeedCode;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
}
