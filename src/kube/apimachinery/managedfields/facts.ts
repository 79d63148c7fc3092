/**
 * Which lists are maps or sets and which objects are owned as one, read from the schema of client-go v0.36.4's apply
 * configurations (Apache-2.0) under the names of the generated models. One model a line: `field:key,key` is a list whose items
 * are told apart by those keys, `field:` a list of values that is a set, `field=` a map that is one leaf, and `=` alone says that
 * of the model. Lists that are not named are leaves; objects and maps that are not named are owned field by field.
 * Kubernetes: x-kubernetes-list-type, x-kubernetes-list-map-keys, x-kubernetes-map-type.
 */
export const ownershipFacts: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  `CoreV1EndpointPort =
DiscoveryV1EndpointPort =
RbacV1Subject =
V1AllocatedDeviceStatus conditions:type
V1CSIDriverSpec volumeLifecycleModes:
V1CSINodeSpec drivers:name
V1CertificateSigningRequestStatus conditions:type
V1ComponentStatus conditions:type
V1ConfigMapKeySelector =
V1Container env:name ports:containerPort,protocol volumeDevices:devicePath volumeMounts:mountPath
V1ContainerRestartRuleOnExitCodes values:
V1ContainerStatus allocatedResourcesStatus:name volumeMounts:mountPath
V1CrossVersionObjectReference =
V1CustomResourceDefinitionStatus conditions:type
V1DaemonSetStatus conditions:type
V1DeploymentStatus conditions:type
V1Endpoint addresses:
V1EndpointAddress =
V1EphemeralContainer env:name ports:containerPort,protocol volumeDevices:devicePath volumeMounts:mountPath
V1FileKeySelector =
V1FlowSchemaStatus conditions:type
V1JSONSchemaProps x-kubernetes-validations:rule
V1LabelSelector =
V1LocalObjectReference =
V1MatchResources =
V1MutatingAdmissionPolicySpec matchConditions:name
V1MutatingWebhook matchConditions:name
V1MutatingWebhookConfiguration webhooks:name
V1NamedRuleWithOperations =
V1NamespaceStatus conditions:type
V1NodeAllocatableResourceClaimStatus containers:
V1NodeSelector =
V1NodeSelectorTerm =
V1NodeSpec podCIDRs:
V1NodeStatus addresses:type conditions:type
V1NonResourcePolicyRule nonResourceURLs: verbs:
V1ObjectFieldSelector =
V1ObjectMeta finalizers: ownerReferences:uid
V1ObjectReference =
V1OwnerReference =
V1ParamKind =
V1ParamRef =
V1PersistentVolumeClaimStatus conditions:type
V1PodDisruptionBudgetStatus conditions:type
V1PodFailurePolicyOnExitCodesRequirement values:
V1PodSpec containers:name ephemeralContainers:name hostAliases:ip imagePullSecrets:name initContainers:name nodeSelector= resourceClaims:name schedulingGates:name topologySpreadConstraints:topologyKey,whenUnsatisfiable volumes:name
V1PodStatus conditions:type podIPs:ip resourceClaimStatuses:name
V1PriorityLevelConfigurationStatus conditions:type
V1ReplicaSetStatus conditions:type
V1ReplicationControllerSpec selector=
V1ReplicationControllerStatus conditions:type
V1ResourceClaimStatus devices:driver,device,pool,shareID reservedFor:uid
V1ResourceFieldSelector =
V1ResourcePolicyRule apiGroups: namespaces: resources: verbs:
V1ResourceRequirements claims:name
V1ResourceStatus resources:resourceID
V1RoleRef =
V1Scheduling nodeSelector=
V1ScopeSelector =
V1SecretKeySelector =
V1SecretReference =
V1ServiceAccount secrets:name
V1ServiceBackendPort =
V1ServiceCIDRStatus conditions:type
V1ServiceSpec ports:port,protocol selector=
V1ServiceStatus conditions:type
V1StatefulSetStatus conditions:type
V1TopologySelectorTerm =
V1TypedLocalObjectReference =
V1UncountedTerminatedPods failed: succeeded:
V1ValidatingAdmissionPolicyBindingSpec validationActions:
V1ValidatingAdmissionPolicySpec matchConditions:name variables:name
V1ValidatingAdmissionPolicyStatus conditions:type
V1ValidatingWebhook matchConditions:name
V1ValidatingWebhookConfiguration webhooks:name
V1Variable =
V2HorizontalPodAutoscalerStatus conditions:type`
    .split('\n')
    .map((line) => {
      const [model, ...marks] = line.split(' ');
      return [model!, new Set(marks)];
    }),
);

/** Keys of list items that have a default: an item that leaves them out is told apart by it. */
export const keyDefaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  V1ContainerPort: { protocol: 'TCP' },
  V1ServicePort: { protocol: 'TCP' },
};
