/**
 * Facts about the API's fields that its JSON Schema does not carry, read from the struct tags of k8s.io/api and
 * k8s.io/apimachinery v0.36.3 (Apache-2.0), under the names of the generated models. One model a line.
 */

type Facts = ReadonlyMap<string, ReadonlySet<string>>;

const parse = (text: string): Facts =>
  new Map(
    text.split('\n').map((line) => {
      const [model, ...fields] = line.split(' ');
      return [model!, new Set(fields)];
    }),
  );

/** How strategic merge patch treats a list or object. */
export interface MergeFact {
  /** Key by which the items of a list of objects are matched; '' for a list of plain values, merged as a set. */
  readonly key: string;
  /** Keys that a patch does not name in `$retainKeys` are dropped: unions such as a volume's source. */
  readonly retainKeys: boolean;
  /** An object that is replaced whole instead of merged. */
  readonly replace: boolean;
}

/** Model → field → its patchStrategy and patchMergeKey. `!` is retainKeys, `=` replace. Lists not named here are replaced whole. */
export const mergeFacts: ReadonlyMap<string, ReadonlyMap<string, MergeFact>> = new Map(
  `V1CSINodeSpec drivers:name
V1ComponentStatus conditions:type
V1Container ports:containerPort env:name volumeMounts:mountPath volumeDevices:devicePath
V1ContainerStatus volumeMounts:mountPath allocatedResourcesStatus:name
V1DaemonSetStatus conditions:type
V1DeploymentSpec strategy:!
V1DeploymentStatus conditions:type
V1EphemeralContainer ports:containerPort env:name volumeMounts:mountPath volumeDevices:devicePath
V1JobStatus conditions:type
V1NamespaceStatus conditions:type
V1NodeSpec podCIDRs:
V1NodeStatus conditions:type addresses:type
V1ObjectMeta ownerReferences:uid finalizers:
V1PersistentVolumeClaimStatus conditions:type
V1PodDisruptionBudgetSpec selector:=
V1PodDisruptionBudgetStatus conditions:type
V1PodSpec volumes:name! initContainers:name containers:name ephemeralContainers:name imagePullSecrets:name hostAliases:ip topologySpreadConstraints:topologyKey schedulingGates:name resourceClaims:name!
V1PodStatus conditions:type hostIPs:ip podIPs:ip resourceClaimStatuses:name!
V1ReplicaSetStatus conditions:type
V1ReplicationControllerStatus conditions:type
V1ServiceAccount secrets:name
V1ServiceCIDRStatus conditions:type
V1ServiceSpec ports:port
V1ServiceStatus conditions:type
V1StatefulSetStatus conditions:type
V2HorizontalPodAutoscalerStatus conditions:type`
    .split('\n')
    .map((line) => {
      const [model, ...fields] = line.split(' ');
      return [
        model!,
        new Map(
          fields.map((field) => {
            const [name, key] = field.split(':') as [string, string];
            return [name, { key: key.replace(/[!=]/, ''), retainKeys: key.endsWith('!'), replace: key.endsWith('=') }];
          }),
        ),
      ];
    }),
);

/** Pointers in Go: an explicit `0`, `false` or `''` is kept. Every other zero value is dropped when an object is stored. */
export const keptZeros: Facts = parse(`CoreV1EndpointPort appProtocol
DiscoveryV1EndpointPort name protocol port appProtocol
StorageV1TokenRequest expirationSeconds
V1AppArmorProfile localhostProfile
V1AzureDiskVolumeSource cachingMode fsType readOnly kind
V1AzureFilePersistentVolumeSource secretNamespace
V1CSIDriverSpec attachRequired podInfoOnMount storageCapacity fsGroupPolicy requiresRepublish seLinuxMount nodeAllocatableUpdatePeriodSeconds serviceAccountTokenInSecrets preventPodSchedulingIfMissing
V1CSIStorageCapacity capacity maximumVolumeSize
V1CSIVolumeSource readOnly fsType
V1ClientIPConfig timeoutSeconds
V1ClusterTrustBundleProjection name signerName optional
V1ConfigMap immutable
V1ConfigMapEnvSource optional
V1ConfigMapKeySelector optional
V1ConfigMapProjection optional
V1ConfigMapVolumeSource defaultMode optional
V1Container restartPolicy
V1ContainerStatus started stopSignal
V1CronJobSpec timeZone startingDeadlineSeconds suspend successfulJobsHistoryLimit failedJobsHistoryLimit
V1CustomResourceDefinitionVersion deprecationWarning
V1CustomResourceSubresourceScale labelSelectorPath
V1JSONSchemaProps $ref default example maximum minimum maxLength minLength maxItems minItems multipleOf maxProperties minProperties items additionalProperties additionalItems x-kubernetes-preserve-unknown-fields x-kubernetes-list-type x-kubernetes-map-type
V1ValidationRule reason optionalOldSelf
V1CronJobStatus lastScheduleTime lastSuccessfulTime
V1DaemonSetSpec revisionHistoryLimit
V1DaemonSetStatus collisionCount
V1DeleteOptions gracePeriodSeconds orphanDependents propagationPolicy ignoreStoreReadErrorWithClusterBreakingPotential
V1DeploymentSpec replicas revisionHistoryLimit progressDeadlineSeconds
V1DeploymentStatus terminatingReplicas collisionCount
V1DownwardAPIVolumeFile mode
V1DownwardAPIVolumeSource defaultMode
V1EmptyDirVolumeSource sizeLimit
V1Endpoint hostname nodeName zone
V1EndpointAddress nodeName
V1EndpointConditions ready serving terminating
V1EphemeralContainer restartPolicy
V1FCVolumeSource lun
V1FileKeySelector optional
V1GRPCAction service
V1GlusterfsPersistentVolumeSource endpointsNamespace
V1HTTPIngressPath pathType
V1HorizontalPodAutoscalerSpec minReplicas targetCPUUtilizationPercentage
V1HorizontalPodAutoscalerStatus observedGeneration lastScaleTime currentCPUUtilizationPercentage
V1HostPathVolumeSource type
V1ISCSIPersistentVolumeSource initiatorName
V1ISCSIVolumeSource initiatorName
V1IngressClassParametersReference apiGroup scope namespace
V1IngressPortStatus error
V1IngressSpec ingressClassName
V1JobSpec parallelism completions activeDeadlineSeconds backoffLimit backoffLimitPerIndex maxFailedIndexes manualSelector ttlSecondsAfterFinished completionMode suspend podReplacementPolicy managedBy
V1JobStatus startTime completionTime terminating failedIndexes ready
V1KeyToPath mode
V1LeaseSpec holderIdentity leaseDurationSeconds acquireTime renewTime leaseTransitions strategy preferredHolder
V1Lifecycle stopSignal
V1ListMeta remainingItemCount
V1LoadBalancerIngress ipMode
V1LocalVolumeSource fsType
V1ManagedFieldsEntry time
V1NetworkPolicyPort protocol port endPort
V1NodeFeatures supplementalGroupsPolicy
V1NodeRuntimeHandlerFeatures recursiveReadOnlyMounts userNamespaces
V1NodeSwapStatus capacity
V1ObjectMeta deletionTimestamp deletionGracePeriodSeconds
V1OwnerReference controller blockOwnerDeletion
V1PersistentVolumeClaimSpec storageClassName volumeMode volumeAttributesClassName
V1PersistentVolumeClaimStatus currentVolumeAttributesClassName
V1PersistentVolumeSpec volumeMode volumeAttributesClassName
V1PersistentVolumeStatus lastPhaseTransitionTime
V1PodCertificateProjection maxExpirationSeconds
V1PodDNSConfigOption value
V1PodDisruptionBudgetSpec minAvailable maxUnavailable unhealthyPodEvictionPolicy
V1PodFailurePolicyOnExitCodesRequirement containerName
V1PodResourceClaim resourceClaimName resourceClaimTemplateName
V1PodResourceClaimStatus resourceClaimName
V1PodSchedulingGroup podGroupName
V1PodSecurityContext runAsUser runAsGroup runAsNonRoot supplementalGroupsPolicy fsGroup fsGroupChangePolicy seLinuxChangePolicy
V1PodSpec terminationGracePeriodSeconds activeDeadlineSeconds automountServiceAccountToken shareProcessNamespace priority runtimeClassName enableServiceLinks preemptionPolicy setHostnameAsFQDN hostUsers hostnameOverride
V1PodStatus startTime
V1PortStatus error
V1Preconditions uid uid resourceVersion
V1PriorityClass preemptionPolicy
V1Probe terminationGracePeriodSeconds
V1ProjectedVolumeSource defaultMode
V1ReplicaSetSpec replicas
V1ReplicaSetStatus terminatingReplicas
V1ReplicationControllerSpec replicas
V1ResourceHealth message
V1RollingUpdateDaemonSet maxUnavailable maxSurge
V1RollingUpdateDeployment maxUnavailable maxSurge
V1RollingUpdateStatefulSetStrategy partition maxUnavailable
V1SeccompProfile localhostProfile
V1Secret immutable
V1SecretEnvSource optional
V1SecretKeySelector optional
V1SecretProjection optional
V1SecretVolumeSource defaultMode optional
V1SecurityContext privileged runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation procMount
V1ServiceAccount automountServiceAccountToken
V1ServiceAccountTokenProjection expirationSeconds
V1ServicePort appProtocol
V1ServiceSpec ipFamilyPolicy allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy trafficDistribution
V1StatefulSetSpec replicas revisionHistoryLimit
V1StatefulSetStatus collisionCount
V1StorageClass reclaimPolicy allowVolumeExpansion volumeBindingMode
V1SuccessPolicyRule succeededIndexes succeededCount
V1Taint timeAdded
V1Toleration tolerationSeconds
V1TopologySpreadConstraint minDomains nodeAffinityPolicy nodeTaintsPolicy
V1TypedLocalObjectReference apiGroup
V1TypedObjectReference apiGroup namespace
V1VolumeAttachmentSource persistentVolumeName
V1VolumeError errorCode
V1VolumeMount recursiveReadOnly mountPropagation
V1VolumeMountStatus recursiveReadOnly
V1VolumeNodeResources count
V1WindowsSecurityContextOptions gmsaCredentialSpecName gmsaCredentialSpec runAsUserName hostProcess
V2HPAScalingRules stabilizationWindowSeconds selectPolicy tolerance
V2HorizontalPodAutoscalerSpec minReplicas
V2HorizontalPodAutoscalerStatus observedGeneration lastScaleTime
V2MetricTarget value averageValue averageUtilization
V2MetricValueStatus value averageValue averageUtilization`);

/** Written even when empty (no `omitempty`, or a struct by value): `status: {}`, `resources: {}`, `lastProbeTime: null`. */
export const alwaysWritten: Facts = parse(`CoreV1EndpointPort port
CoreV1Event involvedObject source firstTimestamp lastTimestamp eventTime reportingComponent reportingInstance
CoreV1EventSeries lastObservedTime
CoreV1ResourceClaim name
RbacV1Subject kind name
StorageV1TokenRequest audience
V1APIGroup name versions preferredVersion
V1APIResource name singularName namespaced kind verbs
V1APIVersions versions serverAddressByClientCIDRs
V1AWSElasticBlockStoreVolumeSource volumeID
V1AppArmorProfile type
V1AttachedVolume name devicePath
V1AzureDiskVolumeSource diskName diskURI
V1AzureFilePersistentVolumeSource secretName shareName
V1AzureFileVolumeSource secretName shareName
V1Binding target
V1CSIDriver spec
V1CSINode spec
V1CSINodeDriver name nodeID topologyKeys
V1CSINodeSpec drivers
V1CSIPersistentVolumeSource driver volumeHandle
V1CSIStorageCapacity storageClassName
V1CSIVolumeSource driver
V1CephFSPersistentVolumeSource monitors
V1CephFSVolumeSource monitors
V1CinderPersistentVolumeSource volumeID
V1CinderVolumeSource volumeID
V1ClusterRole rules
V1ClusterRoleBinding roleRef
V1ClusterTrustBundleProjection path
V1ComponentCondition type status
V1Condition type status lastTransitionTime reason message
V1ConfigMapKeySelector key
V1ConfigMapNodeConfigSource namespace name kubeletConfigKey
V1Container name resources
V1ContainerExtendedResourceRequest containerName resourceName requestName
V1ContainerImage names
V1ContainerPort containerPort
V1ContainerResizePolicy resourceName restartPolicy
V1ContainerStateRunning startedAt
V1ContainerStateTerminated exitCode startedAt finishedAt
V1ContainerStatus name state lastState ready restartCount image imageID
V1ControllerRevision revision
V1CronJob spec status
V1CronJobSpec schedule jobTemplate
V1CrossVersionObjectReference kind name
V1DaemonEndpoint Port
V1CustomResourceColumnDefinition name type jsonPath
V1CustomResourceConversion strategy
V1CustomResourceDefinition spec status
V1CustomResourceDefinitionCondition type status
V1CustomResourceDefinitionNames plural kind
V1CustomResourceDefinitionSpec group names scope versions
V1CustomResourceDefinitionStatus conditions acceptedNames storedVersions
V1CustomResourceDefinitionVersion name served storage
V1CustomResourceSubresourceScale specReplicasPath statusReplicasPath
V1SelectableField jsonPath
V1ValidationRule rule
V1DaemonSet spec status
V1DaemonSetCondition type status lastTransitionTime
V1DaemonSetSpec template updateStrategy
V1DaemonSetStatus currentNumberScheduled numberMisscheduled desiredNumberScheduled numberReady
V1Deployment spec status
V1DeploymentCondition type status lastUpdateTime lastTransitionTime
V1DeploymentSpec template strategy
V1DownwardAPIVolumeFile path
V1Endpoint addresses conditions
V1EndpointAddress ip
V1EndpointSlice addressType endpoints ports
V1EnvVar name
V1EphemeralContainer name resources
V1FieldSelectorRequirement key operator
V1FileKeySelector volumeName path key
V1FlexPersistentVolumeSource driver
V1FlexVolumeSource driver
V1ForNode name
V1ForZone name
V1GCEPersistentDiskVolumeSource pdName
V1GRPCAction port
V1GitRepoVolumeSource repository
V1GlusterfsPersistentVolumeSource endpoints path
V1GlusterfsVolumeSource endpoints path
V1GroupVersionForDiscovery groupVersion version
V1HTTPGetAction port
V1HTTPHeader name value
V1HTTPIngressPath backend
V1HTTPIngressRuleValue paths
V1HorizontalPodAutoscaler spec status
V1HorizontalPodAutoscalerSpec scaleTargetRef maxReplicas
V1HorizontalPodAutoscalerStatus currentReplicas desiredReplicas
V1HostAlias ip
V1HostIP ip
V1HostPathVolumeSource path
V1IPAddress spec
V1IPBlock cidr
V1ISCSIPersistentVolumeSource targetPortal iqn lun
V1ISCSIVolumeSource targetPortal iqn lun
V1Ingress spec status
V1IngressClass spec
V1IngressClassParametersReference kind name
V1IngressPortStatus port protocol
V1IngressServiceBackend name port
V1IngressStatus loadBalancer
V1Job spec status
V1JobCondition type status lastProbeTime lastTransitionTime
V1JobSpec template
V1JobTemplateSpec spec
V1KeyToPath key path
V1LabelSelectorRequirement key operator
V1Lease spec
V1LimitRange spec
V1LimitRangeItem type
V1LimitRangeSpec limits
V1LinuxContainerUser uid gid
V1LocalVolumeSource path
V1ModifyVolumeStatus status
V1NFSVolumeSource server path
V1Namespace spec status
V1NamespaceCondition type status lastTransitionTime
V1NetworkPolicy spec
V1NetworkPolicySpec podSelector
V1Node spec status
V1NodeAddress type address
V1NodeAllocatableResourceClaimStatus resourceClaimName resources
V1NodeCondition type status lastHeartbeatTime lastTransitionTime
V1NodeDaemonEndpoints kubeletEndpoint
V1NodeRuntimeHandler name
V1NodeSelector nodeSelectorTerms
V1NodeSelectorRequirement key operator
V1NodeStatus daemonEndpoints nodeInfo
V1NodeSystemInfo machineID systemUUID bootID kernelVersion osImage containerRuntimeVersion kubeletVersion kubeProxyVersion operatingSystem architecture
V1ObjectFieldSelector fieldPath
V1OwnerReference apiVersion kind name uid
V1PersistentVolume spec status
V1PersistentVolumeClaim spec status
V1PersistentVolumeClaimCondition type status lastProbeTime lastTransitionTime
V1PersistentVolumeClaimSpec resources
V1PersistentVolumeClaimTemplate spec
V1PersistentVolumeClaimVolumeSource claimName
V1PhotonPersistentDiskVolumeSource pdID
V1Pod spec status
V1PodAffinityTerm topologyKey
V1PodCondition type status lastProbeTime lastTransitionTime
V1PodDisruptionBudget spec status
V1PodDisruptionBudgetStatus disruptionsAllowed currentHealthy desiredHealthy expectedPods
V1PodExtendedResourceClaimStatus requestMappings resourceClaimName
V1PodFailurePolicy rules
V1PodFailurePolicyOnExitCodesRequirement operator values
V1PodFailurePolicyOnPodConditionsPattern type status
V1PodFailurePolicyRule action
V1PodIP ip
V1PodOS name
V1PodReadinessGate conditionType
V1PodResourceClaim name
V1PodResourceClaimStatus name
V1PodSchedulingGate name
V1PodSpec containers
V1PodTemplate template
V1PodTemplateSpec spec
V1PolicyRule verbs
V1PortStatus port protocol
V1PortworxVolumeSource volumeID
V1PreferredSchedulingTerm weight preference
V1PriorityClass value
V1ProjectedVolumeSource sources
V1QuobyteVolumeSource registry volume
V1RBDPersistentVolumeSource monitors image
V1RBDVolumeSource monitors image
V1ReplicaSet spec status
V1ReplicaSetCondition type status lastTransitionTime
V1ReplicaSetSpec template
V1ReplicaSetStatus replicas
V1ReplicationController spec status
V1ReplicationControllerCondition type status lastTransitionTime
V1ReplicationControllerStatus replicas
V1ResourceFieldSelector resource divisor
V1ResourceHealth resourceID
V1ResourceQuota spec status
V1ResourceStatus name
V1Role rules
V1RoleBinding roleRef
V1RoleRef apiGroup kind name
V1Scale spec status
V1ScaleIOPersistentVolumeSource gateway system
V1ScaleIOVolumeSource gateway system
V1ScaleStatus replicas
V1ScopedResourceSelectorRequirement scopeName operator
V1SeccompProfile type
V1SecretKeySelector key
V1ServerAddressByClientCIDR clientCIDR serverAddress
V1Service spec status
V1ServiceAccountTokenProjection path
V1ServiceCIDR spec status
V1ServicePort port targetPort
V1ServiceStatus loadBalancer
V1ShardInfo selector
V1SleepAction seconds
V1StatefulSet spec status
V1StatefulSetCondition type status lastTransitionTime
V1StatefulSetOrdinals start
V1StatefulSetSpec template serviceName updateStrategy
V1StatefulSetStatus replicas availableReplicas
V1StorageClass provisioner
V1SuccessPolicy rules
V1Sysctl name value
V1TCPSocketAction port
V1Taint key effect
V1TopologySelectorLabelRequirement key values
V1TopologySpreadConstraint maxSkew topologyKey whenUnsatisfiable
V1TypedLocalObjectReference kind name
V1TypedObjectReference kind name
V1Volume name
V1VolumeAttachment spec status
V1VolumeAttachmentSpec attacher source nodeName
V1VolumeAttachmentStatus attached
V1VolumeAttributesClass driverName
V1VolumeDevice name devicePath
V1VolumeError time
V1VolumeMount name mountPath
V1VolumeMountStatus name mountPath
V1VsphereVirtualDiskVolumeSource volumePath
V1WeightedPodAffinityTerm weight podAffinityTerm
V2ContainerResourceMetricSource name target container
V2ContainerResourceMetricStatus name current container
V2CrossVersionObjectReference kind name
V2ExternalMetricSource metric target
V2ExternalMetricStatus metric current
V2HPAScalingPolicy type value periodSeconds
V2HorizontalPodAutoscaler spec status
V2HorizontalPodAutoscalerCondition type status lastTransitionTime
V2HorizontalPodAutoscalerSpec scaleTargetRef maxReplicas
V2HorizontalPodAutoscalerStatus desiredReplicas currentMetrics
V2MetricIdentifier name
V2MetricSpec type
V2MetricStatus type
V2MetricTarget type
V2ObjectMetricSource describedObject target metric
V2ObjectMetricStatus metric current describedObject
V2PodsMetricSource metric target
V2PodsMetricStatus metric current
V2ResourceMetricSource name target
V2ResourceMetricStatus name current`);
