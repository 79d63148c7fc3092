/**
 * Sentences for causes: what happened, and the figures behind it. Keyed by the codes of `kube/deeds.ts`; a test fails when
 * one is missing. `{{kind}}`, `{{name}}`, `{{namespace}}` and `{{by}}` are always there, the rest are the deed's params.
 */
export const deedTable = {
  'input.request': ['**You:** `{{verb}} {{target}}`', 'a request over HTTP'],
  'input.exec': ['**You:** `exec {{target}} -- {{line}}`', 'a command in a container, over HTTP'],
  'input.kubectl': ['**You:** `kubectl {{line}}`', 'the first cause'],
  'input.look': ['**You:** `kubectl {{line}}`', 'it only reads'],
  'input.fault': ['**You:** {{said}}', 'the first cause'],
  'input.traffic': ['**You:** traffic to `{{target}}`, {{rps}} per second', 'the first cause'],
  'api.create': ['{{kind}} `{{name}}` created', 'by {{by}}, new UID'],
  'api.update': ['{{kind}} `{{name}}` updated', 'by {{by}}'],
  'api.patch': ['{{kind}} `{{name}}` changed', 'patched by {{by}}'],
  'api.delete': ['{{kind}} `{{name}}` deleted', 'by {{by}}'],
  'api.deletecollection': ['All {{kind}} objects of `{{namespace}}` deleted', 'by {{by}}'],
  'api.evict': ['Pod `{{name}}` evicted', 'asked by {{by}}; a disruption budget could have refused'],
  'customresourcedefinition.accept': ['Names of `{{name}}` checked', 'no two kinds of a group may share a name'],
  'customresourcedefinition.establish': [
    'Kind of `{{name}}` served',
    'its names were accepted, so its objects can be made',
  ],
  'customresourcedefinition.clean': ['Objects of `{{name}}` removed', 'their definition is being deleted'],
  'admissionpolicy.check': ['Policy `{{name}}` looked at', 'its status says which of its generations is known'],
  'deployment.create-replicaset': [
    'Deployment controller creates ReplicaSet `{{name}}`',
    'the Pod template is new; replicas to begin with: {{replicas}}',
  ],
  'deployment.scale-up': ['ReplicaSet `{{name}}` scaled up from {{from}} to {{to}}', 'by the Deployment controller'],
  'deployment.scale-down': [
    'ReplicaSet `{{name}}` scaled down from {{from}} to {{to}}',
    'by the Deployment controller',
  ],
  'deployment.sync-replicaset': ['ReplicaSet `{{name}}` brought in line', 'its annotations follow the Deployment'],
  'deployment.adopt': ['Deployment controller adopts ReplicaSet `{{name}}`', 'its labels match and nobody owned it'],
  'deployment.release': [
    'Deployment controller releases ReplicaSet `{{name}}`',
    'its labels no longer match the selector',
  ],
  'deployment.cleanup': ['Old ReplicaSet `{{name}}` removed', 'past the revision history limit'],
  'deployment.rollback': [
    'ReplicaSet `{{name}}` becomes the newest revision again',
    'the Deployment has its template once more',
  ],
  'deployment.status': ['Status of Deployment `{{name}}` updated', 'by the Deployment controller'],
  'deployment.stalled': [
    'Rollout of Deployment `{{name}}` reported as stalled',
    'no progress for {{seconds}} s, its deadline; nothing is rolled back by itself',
  ],
  'replicaset.create-pod': [
    'ReplicaSet controller creates Pod `{{name}}`',
    'desired {{desired}}, current {{current}}: one more is needed',
  ],
  'replicaset.delete-pod': [
    'ReplicaSet controller deletes Pod `{{name}}`',
    'desired {{desired}}, current {{current}}: one too many',
  ],
  'replicaset.adopt': ['ReplicaSet controller adopts Pod `{{name}}`', 'its labels match and nobody owned it'],
  'replicaset.release': ['ReplicaSet controller releases Pod `{{name}}`', 'its labels no longer match the selector'],
  'replicaset.status': ['Status of ReplicaSet `{{name}}` updated', 'by the ReplicaSet controller'],
  'replicationcontroller.create-pod': [
    'Replication controller creates Pod `{{name}}`',
    'desired {{desired}}, current {{current}}: one more is needed',
  ],
  'replicationcontroller.delete-pod': [
    'Replication controller deletes Pod `{{name}}`',
    'desired {{desired}}, current {{current}}: one too many',
  ],
  'replicationcontroller.adopt': [
    'Replication controller adopts Pod `{{name}}`',
    'its labels match and nobody owned it',
  ],
  'replicationcontroller.release': [
    'Replication controller releases Pod `{{name}}`',
    'its labels no longer match the selector',
  ],
  'replicationcontroller.status': [
    'Status of ReplicationController `{{name}}` updated',
    'by the replication controller',
  ],
  'daemonset.create-pod': ['DaemonSet controller creates Pod `{{name}}`', 'node `{{node}}` fits and has none yet'],
  'daemonset.surge-pod': [
    'DaemonSet controller creates Pod `{{name}}` beside the old one',
    'the template is new; at most {{surge}} may be surplus at a time',
  ],
  'daemonset.update-pod': [
    'DaemonSet controller deletes the outdated Pod `{{name}}`',
    'the template is new; at most {{unavailable}} may be unavailable at a time',
  ],
  'daemonset.delete-unwanted': [
    'DaemonSet controller deletes Pod `{{name}}`',
    'node `{{node}}` no longer fits: its labels or taints have changed, or it is gone',
  ],
  'daemonset.delete-extra': [
    'DaemonSet controller deletes Pod `{{name}}`',
    'one Pod per node is enough, and `{{node}}` has an older one',
  ],
  'daemonset.delete-failed': [
    'DaemonSet controller removes the ended Pod `{{name}}`',
    'phase {{phase}}: `{{node}}` is to have a running one',
  ],
  'daemonset.delete-replaced': [
    'DaemonSet controller deletes the outdated Pod `{{name}}`',
    'its successor on `{{node}}` is available',
  ],
  'daemonset.revision': [
    'Template of the DaemonSet kept as `{{name}}`',
    'revision {{revision}}: it can be rolled back to',
  ],
  'daemonset.cleanup': ['Old revision `{{name}}` removed', 'past the revision history limit'],
  'daemonset.rollback': ['DaemonSet `{{name}}` rolled back', 'its template is an earlier one again'],
  'daemonset.adopt': ['DaemonSet controller adopts {{kind}} `{{name}}`', 'its labels match and nobody owned it'],
  'daemonset.release': ['DaemonSet controller releases {{kind}} `{{name}}`', 'its labels no longer match the selector'],
  'daemonset.status': ['Status of DaemonSet `{{name}}` updated', 'by the DaemonSet controller'],
  'statefulset.create-pod': [
    'StatefulSet controller creates Pod `{{name}}`',
    'number {{ordinal}} is missing: the Pod of that number always has this name',
  ],
  'statefulset.scale-down': [
    'StatefulSet controller deletes Pod `{{name}}`',
    'desired {{desired}}: the highest number goes first',
  ],
  'statefulset.update-pod': [
    'StatefulSet controller deletes the outdated Pod `{{name}}`',
    'the template is new: it comes back as revision `{{revision}}`',
  ],
  'statefulset.replace-pod': [
    'StatefulSet controller removes the ended Pod `{{name}}`',
    'phase {{phase}}: it comes back under the same name',
  ],
  'statefulset.wait-ready': [
    'StatefulSet `{{name}}` waits for `{{pod}}` to be Ready',
    'OrderedReady: one Pod after the other',
  ],
  'statefulset.wait-available': [
    'StatefulSet `{{name}}` waits for `{{pod}}` to stay Ready',
    'minReadySeconds {{seconds}}',
  ],
  'statefulset.wait-gone': ['StatefulSet `{{name}}` waits until `{{pod}}` is gone', 'two Pods never share a name'],
  'statefulset.update-identity': ['Labels of Pod `{{name}}` put right', 'by the StatefulSet controller'],
  'statefulset.create-claim': [
    'StatefulSet controller creates the claim `{{name}}`',
    'storage for `{{pod}}`, which outlives it',
  ],
  'statefulset.own-claim': [
    'Claim `{{name}}` gets its owner by the retention policy',
    'whoever owns it takes it along when it goes',
  ],
  'statefulset.revision': [
    'Template of the StatefulSet kept as `{{name}}`',
    'revision {{revision}}: it can be rolled back to',
  ],
  'statefulset.cleanup': ['Old revision `{{name}}` removed', 'past the revision history limit'],
  'statefulset.rollback': ['StatefulSet `{{name}}` rolled back', 'its template is an earlier one again'],
  'statefulset.adopt': ['StatefulSet controller adopts {{kind}} `{{name}}`', 'its labels match and nobody owned it'],
  'statefulset.release': [
    'StatefulSet controller releases {{kind}} `{{name}}`',
    'its labels or its name no longer match',
  ],
  'statefulset.status': ['Status of StatefulSet `{{name}}` updated', 'by the StatefulSet controller'],
  'hpa.scale': [
    'Horizontal Pod Autoscaler scales {{kind}} `{{name}}` from {{from}} to {{to}}',
    '{{metric}}: {{formula}} = {{to}}',
  ],
  'hpa.scale-limited': [
    'Horizontal Pod Autoscaler scales {{kind}} `{{name}}` from {{from}} to {{to}}',
    '{{metric}}: {{formula}} = {{wanted}}, limited to {{to}} by {{limit}}',
  ],
  'hpa.scale-stabilized': [
    'Horizontal Pod Autoscaler scales {{kind}} `{{name}}` from {{from}} to {{to}}',
    '{{metric}}: {{formula}} = {{wanted}}, but within the last {{seconds}} s it asked for {{to}}',
  ],
  'hpa.above-max': [
    'Horizontal Pod Autoscaler scales {{kind}} `{{name}}` from {{from}} to {{to}}',
    'more replicas than `maxReplicas`; metrics are not asked',
  ],
  'hpa.below-min': [
    'Horizontal Pod Autoscaler scales {{kind}} `{{name}}` from {{from}} to {{to}}',
    'fewer replicas than `minReplicas`; metrics are not asked',
  ],
  'hpa.within-tolerance': [
    'Horizontal Pod Autoscaler `{{name}}` leaves {{replicas}} replicas',
    '{{metric}}: {{current}} against a target of {{target}} is within the tolerance of {{tolerance}} %',
  ],
  'hpa.unchanged': [
    'Horizontal Pod Autoscaler `{{name}}` leaves {{replicas}} replicas',
    '{{metric}}: {{formula}} = {{replicas}}',
  ],
  'hpa.stabilized': [
    'Horizontal Pod Autoscaler `{{name}}` leaves {{replicas}} replicas',
    '{{metric}}: {{formula}} = {{wanted}}, but a stabilization window of {{seconds}} s holds it back',
  ],
  'hpa.limited': [
    'Horizontal Pod Autoscaler `{{name}}` leaves {{replicas}} replicas',
    '{{metric}}: {{formula}} = {{wanted}}, limited to {{replicas}} by {{limit}}',
  ],
  'hpa.turned': [
    'Horizontal Pod Autoscaler `{{name}}` leaves {{replicas}} replicas',
    '{{metric}}: Pods that are not ready or have no metrics could turn the result around',
  ],
  'hpa.no-metrics': ['Horizontal Pod Autoscaler `{{name}}` does not know and does nothing', '`{{message}}`'],
  'hpa.no-target': ['Horizontal Pod Autoscaler `{{name}}` cannot read its target', '`{{message}}`'],
  'hpa.ambiguous': [
    'Horizontal Pod Autoscaler `{{name}}` does nothing',
    'several autoscalers select the same Pods: {{others}}',
  ],
  'hpa.disabled': [
    'Horizontal Pod Autoscaler `{{name}}` is off',
    'its target was scaled to 0 by hand; it works again once there is a replica',
  ],
  'hpa.status': ['Status of Horizontal Pod Autoscaler `{{name}}` updated', 'its target now wants {{to}} replicas'],
  'job.create-pod': [
    'Job controller creates Pod `{{name}}`',
    'wanted {{wanted}}, running {{active}}, succeeded {{succeeded}}: one more is needed',
  ],
  'job.create-index': ['Job controller creates Pod `{{name}}`', 'index {{index}} has no Pod and has not succeeded'],
  'job.retry-pod': [
    'Job controller tries again with Pod `{{name}}`',
    'a Pod has failed and its back-off (10 s, doubling) is over; {{failed}} failures so far, limit {{limit}}',
  ],
  'job.delete-pod': ['Job controller deletes Pod `{{name}}`', 'wanted {{wanted}}, running {{active}}: one too many'],
  'job.suspend-pod': ['Job controller deletes Pod `{{name}}`', 'the Job is suspended'],
  'job.stop-pod': ['Job controller stops Pod `{{name}}`', 'the Job has come to its end: {{reason}}'],
  'job.untrack-pod': ['Pod `{{name}}` is no longer held', 'its Job has counted it, or will never do so'],
  'job.adopt': ['Job controller adopts Pod `{{name}}`', 'its labels match and nobody owned it'],
  'job.release': ['Job controller releases Pod `{{name}}`', 'its labels no longer match the selector'],
  'job.status': ['Status of Job `{{name}}` updated', 'active {{active}}, succeeded {{succeeded}}, failed {{failed}}'],
  'job.succeed': ['Job `{{name}}` has reached its goal', '{{message}}; it completes when its Pods have ended'],
  'job.fail': ['Job `{{name}}` is going to fail: {{reason}}', '{{message}}; it fails when its Pods have ended'],
  'job.finish': ['Job `{{name}}` is finished: {{condition}}', '{{message}}; all its Pods have ended and are counted'],
  'ttlafterfinished.delete': ['Finished Job `{{name}}` removed', '{{seconds}} s after its end, as it asked for'],
  'cronjob.create-job': ['CronJob controller creates Job `{{name}}`', 'the schedule says {{scheduled}}'],
  'cronjob.create-late': [
    'CronJob controller creates Job `{{name}}` late',
    'scheduled for {{scheduled}}, {{seconds}} s ago: it could not start then',
  ],
  'cronjob.replace-job': [
    'CronJob controller deletes Job `{{name}}`',
    'it still runs at the next scheduled time, and concurrencyPolicy is Replace',
  ],
  'cronjob.cleanup': ['Old Job `{{name}}` removed', 'past the history limit of {{limit}}'],
  'cronjob.status': ['Status of CronJob `{{name}}` updated', '{{active}} Jobs active'],
  'cronjob.skip': [
    'CronJob `{{name}}` skips a run',
    'Job `{{active}}` is still running, and concurrencyPolicy is Forbid',
  ],
  'cronjob.miss': [
    'CronJob `{{name}}` misses a run',
    'scheduled for {{scheduled}}, {{seconds}} s ago: later than startingDeadlineSeconds allows',
  ],
  'persistentvolume.bind': [
    'Claim `{{claim}}` and volume `{{volume}}` bound to each other',
    'the smallest volume that has what is asked for',
  ],
  'persistentvolume.provision': [
    'Claim `{{name}}` handed to `{{provisioner}}`',
    'no volume fits: its storage class has one made',
  ],
  'persistentvolume.status': ['Phase of {{kind}} `{{name}}` updated', 'by the persistent volume controller'],
  'provisioner.create-volume': [
    'Volume `{{name}}` made for claim `{{claim}}`',
    'a directory on `{{node}}`, where its Pod is to run',
  ],
  'provisioner.delete-volume': ['Volume `{{name}}` deleted', 'its claim is gone, and its class deletes'],
  'storageprotection.release': ['{{kind}} `{{name}}` may go', 'nobody uses it any more'],
  'endpointslice.write': ['Endpoints of `{{service}}` updated', '{{total}} in all'],
  'endpoints.write': ['Endpoints of `{{name}}` updated', 'the older form, for who still reads it'],
  'garbagecollector.delete': ['Garbage collector deletes {{kind}} `{{name}}`', 'its owner `{{owner}}` is gone'],
  'garbagecollector.orphan': [
    '{{kind}} `{{name}}` left behind without an owner',
    'its owner was deleted with orphaning',
  ],
  'garbagecollector.finish': ['{{kind}} `{{name}}` released for deletion', 'its dependents are gone'],
  'namespace.delete-content': ['{{kind}} `{{name}}` deleted with its namespace', 'by the namespace controller'],
  'namespace.finalize': ['Namespace `{{name}}` emptied and removed', 'by the namespace controller'],
  'clusterrole.aggregate': [
    'rules of ClusterRole `{{name}}` put together anew',
    'a role that it is made of has come, changed or gone',
  ],
  'serviceaccount.create': ['ServiceAccount `{{name}}` created in `{{namespace}}`', 'every namespace gets one'],
  'rootca.publish': ['Root certificate published in `{{namespace}}`', 'every namespace gets it'],
  'nodelifecycle.not-ready': ['`{{name}}` is NotReady', 'lease not renewed for {{seconds}} s'],
  'nodelifecycle.ready': ['`{{name}}` is Ready again', 'its kubelet reports'],
  'nodelifecycle.pod-not-ready': [
    'Pod `{{name}}` marked not Ready',
    'its node `{{node}}` does not report: it leaves its Services',
  ],
  'nodelifecycle.taint': ['Taint `{{taint}}` on `{{name}}`', 'by the node lifecycle controller'],
  'nodelifecycle.untaint': ['Taint of `{{name}}` removed', 'by the node lifecycle controller'],
  'tainteviction.delete-pod': [
    'Pod `{{name}}` marked for deletion',
    'toleration of `{{taint}}` used up after {{seconds}} s',
  ],
  'podgc.delete': ['Pod `{{name}}` cleaned up', '`{{why}}`'],
  'disruption.status': [
    'Disruption budget `{{name}}` recounted',
    '{{healthy}} healthy, {{desired}} needed: {{allowed}} may be evicted',
  ],
  'disruption.allow': [
    'Disruption budget `{{name}}` lets Pod `{{pod}}` go',
    'asked by an eviction; {{left}} more may go until the next count',
  ],
  'disruption.stale': ['Pod `{{name}}` is no longer marked as disrupted', 'announced 2 minutes ago, and still there'],
  'quota.charge': ['ResourceQuota `{{name}}` charged', 'for a new {{what}}, by the API server'],
  'quota.count': ['ResourceQuota `{{name}}` counted anew', 'by the quota controller'],
  'service.allocate': ['Service `{{name}}` gets its address', 'by the API server'],
  'cloud.assign-address': [
    'Load balancer gives Service `{{name}}` the address `{{ip}}`',
    'by the cloud controller manager',
  ],
  'ingress.address': ['Ingress controller writes its address into `{{name}}`', '`{{address}}`: clients can come'],
  'ingress.no-address': ['Ingress controller takes its address out of `{{name}}`', 'no controller serves it any more'],
  'cloud.release-address': ['Load balancer takes back the address of Service `{{name}}`', '`{{ip}}` is free again'],
  'event.record': ['Event {{reason}} recorded', 'by {{by}}'],
  'scheduler.bind': ['Scheduler binds `{{name}}` to `{{node}}`', 'the best of the nodes that fit'],
  'scheduler.preempt': [
    'Scheduler ends Pod `{{name}}`',
    'Pod `{{preemptor}}` has a higher priority and needs its room on `{{node}}`',
  ],
  'scheduler.select-node': [
    'Scheduler wants the volume of `{{name}}` on `{{node}}`',
    'Pod `{{pod}}` is to run there; it is bound when the volume is',
  ],
  'scheduler.unschedulable': ['No node fits Pod `{{name}}`', '`{{message}}`'],
  'kubelet.register': ['Kubelet registers `{{name}}`', 'the machine joins the cluster'],
  'kubelet.lease': ['Kubelet renews the lease of `{{name}}`', 'heartbeat'],
  'kubelet.node-status': ['Kubelet reports `{{name}}`', 'conditions, capacity, images'],
  'kubelet.status': ['Kubelet reports Pod `{{name}}`', 'phase {{phase}}'],
  'kubelet.pulled': ['Image `{{image}}` pulled for `{{name}}`', 'took {{seconds}} s'],
  'kubelet.pull-failed': [
    'Image `{{image}}` cannot be pulled for `{{name}}`',
    'the registry has no such image, or does not answer',
  ],
  'kubelet.container-created': ['Container `{{container}}` of `{{name}}` created', 'by the kubelet'],
  'kubelet.container-started': ['Container `{{container}}` of `{{name}}` started', 'by the kubelet'],
  'kubelet.container-exited': ['Container `{{container}}` of `{{name}}` ended', 'exit code {{exitCode}}, {{reason}}'],
  'kubelet.restart': [
    'Kubelet restarts container `{{container}}` of `{{name}}`',
    'restart number {{restarts}}, the Pod stays the same',
  ],
  'kubelet.backoff': ['Kubelet waits before restarting `{{container}}` of `{{name}}`', 'back-off of {{seconds}} s'],
  'kubelet.probe-failed': ['The {{probe}} probe of `{{name}}` fails', '`{{message}}`'],
  'kubelet.probe-succeeded': ['The {{probe}} probe of `{{name}}` succeeds', 'container `{{container}}`'],
  'kubelet.killing': ['Kubelet stops container `{{container}}` of `{{name}}`', '`{{why}}`'],
  'kubelet.pod-removed': ['Pod `{{name}}` is gone', 'its containers have ended; the kubelet removes the object'],
  'kubelet.config-error': ['Container of `{{name}}` cannot be configured', '`{{message}}`'],
  'machine.down': ['`{{node}}` falls silent', 'last heartbeat written down'],
  'machine.up': ['A machine is up again', 'its kubelet starts'],
  unknown: ['`{{name}}` {{kind}}: {{code}}', 'by {{by}}'],
} as const satisfies Readonly<Record<string, readonly [said: string, detail: string]>>;

/** Codes that have a sentence. */
export const deedCodesTold = Object.keys(deedTable);

type Table = { readonly [C in keyof typeof deedTable]: readonly [string, string] };

/** Keys of the flattened table: `deed.scheduler.bind`, `deed.scheduler.bind.detail`. */
export type DeedMessages = { readonly [C in keyof typeof deedTable as `deed.${C}` | `deed.${C}.detail`]: string };

/** The table as keys and texts. */
export function flattenDeeds(table: Table): DeedMessages {
  const flat: Record<string, string> = {};
  for (const [code, [said, detail]] of Object.entries(table)) {
    flat[`deed.${code}`] = said;
    flat[`deed.${code}.detail`] = detail;
  }
  return flat as DeedMessages;
}
