/**
 * Codes of everything that can be a cause. Each has one sentence template per language in the page
 * (`app/i18n/<locale>/deeds.ts`); a test fails when one is missing. Params are listed behind each code.
 */
export const deedCodes = [
  // inputs of the learner (by: `you`)
  'input.kubectl', // line
  'input.look', // line
  'input.request', // verb, target
  'input.exec', // target, line
  'input.fault', // fault, target
  'input.traffic', // target, rps
  // writes by the API server itself or by unknown clients
  'api.create', // kind, name
  'api.update',
  'api.patch',
  'api.delete',
  'api.deletecollection',
  'api.evict',
  // definitions of kinds
  'customresourcedefinition.accept',
  'customresourcedefinition.establish',
  'customresourcedefinition.clean',
  'admissionpolicy.check',
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
  'daemonset.create-pod', // node
  'daemonset.surge-pod', // node, surge
  'daemonset.update-pod', // unavailable
  'daemonset.delete-unwanted', // node
  'daemonset.delete-extra', // node
  'daemonset.delete-failed', // node, phase
  'daemonset.delete-replaced', // node
  'daemonset.revision', // revision
  'daemonset.cleanup',
  'daemonset.rollback', // revision
  'daemonset.adopt',
  'daemonset.release',
  'daemonset.status',
  'statefulset.create-pod', // ordinal, revision
  'statefulset.scale-down', // desired
  'statefulset.update-pod', // revision
  'statefulset.replace-pod', // phase
  'statefulset.wait-ready', // pod
  'statefulset.wait-available', // pod, seconds
  'statefulset.wait-gone', // pod
  'statefulset.update-identity',
  'statefulset.create-claim', // pod
  'statefulset.own-claim', // pod
  'statefulset.revision', // revision
  'statefulset.cleanup',
  'statefulset.rollback', // revision
  'statefulset.adopt',
  'statefulset.release',
  'statefulset.status',
  'persistentvolume.bind', // volume, claim
  'persistentvolume.provision', // provisioner
  'persistentvolume.status',
  'provisioner.create-volume', // claim, node
  'provisioner.delete-volume',
  'storageprotection.release',
  'job.create-pod', // wanted, active, succeeded
  'job.create-index', // index
  'job.retry-pod', // failed, limit
  'job.delete-pod', // wanted, active
  'job.suspend-pod',
  'job.stop-pod', // reason
  'job.untrack-pod',
  'job.adopt',
  'job.release',
  'job.status', // active, succeeded, failed
  'job.succeed', // message
  'job.fail', // reason, message
  'job.finish', // condition, message
  'ttlafterfinished.delete', // seconds
  'cronjob.create-job', // scheduled
  'cronjob.create-late', // scheduled, seconds
  'cronjob.replace-job',
  'cronjob.cleanup', // limit
  'cronjob.status', // active
  'cronjob.skip', // active
  'cronjob.miss', // scheduled, seconds
  'hpa.scale', // from, to, metric, formula
  'hpa.scale-limited', // from, to, metric, formula, wanted, limit
  'hpa.scale-stabilized', // from, to, metric, formula, wanted, seconds
  'hpa.above-max', // from, to
  'hpa.below-min', // from, to
  'hpa.within-tolerance', // metric, replicas, current, target, tolerance
  'hpa.unchanged', // metric, replicas, formula
  'hpa.stabilized', // metric, replicas, formula, wanted, seconds
  'hpa.limited', // metric, replicas, formula, wanted, limit
  'hpa.turned', // metric, replicas
  'hpa.no-metrics', // message
  'hpa.no-target', // message
  'hpa.ambiguous', // others
  'hpa.disabled',
  'hpa.status', // to
  'endpointslice.write', // service, total
  'endpoints.write',
  'garbagecollector.delete', // owner
  'garbagecollector.orphan',
  'garbagecollector.finish',
  'namespace.delete-content',
  'namespace.finalize',
  'serviceaccount.create',
  'clusterrole.aggregate',
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
  'quota.charge', // what
  'quota.count',
  'service.allocate',
  // cloud
  'cloud.assign-address', // ip
  'cloud.release-address', // ip
  // ingress controller
  'ingress.address', // address
  'ingress.no-address',
  // event recorders of all components
  'event.record', // reason
  // scheduler
  'scheduler.bind', // node
  'scheduler.select-node', // pod, node
  'scheduler.unschedulable', // message
  'scheduler.preempt', // preemptor, node
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
