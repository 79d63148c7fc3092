/** First line and usage of a verb. */
export const verbTexts: Readonly<Record<string, readonly [about: string, usage: string]>> = {
  annotate: [
    `Update the annotations on one or more resources.`,
    `kubectl annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]`,
  ],
  'api-resources': [`Print the supported API resources on the server.`, `kubectl api-resources [flags] [options]`],
  'api-versions': [
    `Print the supported API versions on the server, in the form of "group/version".`,
    `kubectl api-versions [options]`,
  ],
  apply: [
    `Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.`,
    `kubectl apply (-f FILENAME | -k DIRECTORY) [options]`,
  ],
  'apply edit-last-applied': [
    `Edit the latest last-applied-configuration annotations of resources from the default editor.`,
    `kubectl apply edit-last-applied (RESOURCE/NAME | -f FILENAME) [options]`,
  ],
  'apply set-last-applied': [
    `Set the latest last-applied-configuration annotations by setting it to match the contents of a file. This results in the last-applied-configuration being updated as though 'kubectl apply -f<file> ' was run, without updating any other parts of the object.`,
    `kubectl apply set-last-applied -f FILENAME [options]`,
  ],
  'apply view-last-applied': [
    `View the latest last-applied-configuration annotations by type/name or file.`,
    `kubectl apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME) [options]`,
  ],
  attach: [
    `Attach to a process that is already running inside an existing container.`,
    `kubectl attach (POD | TYPE/NAME) -c CONTAINER [options]`,
  ],
  'auth can-i': [
    `Check whether an action is allowed.`,
    `kubectl auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL] [options]`,
  ],
  'auth reconcile': [
    `Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects.`,
    `kubectl auth reconcile -f FILENAME [options]`,
  ],
  'auth whoami': [
    `Experimental: Check who you are and your attributes (groups, extra).`,
    `kubectl auth whoami [options]`,
  ],
  autoscale: [
    `Creates an autoscaler that automatically chooses and sets the number of pods that run in a Kubernetes cluster. The command will attempt to use the autoscaling/v2 API first, in case of an error, it will fall back to autoscaling/v1 API.`,
    `kubectl autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY] [options]`,
  ],
  'certificate approve': [
    `Approve a certificate signing request.`,
    `kubectl certificate approve (-f FILENAME | NAME) [options]`,
  ],
  'certificate deny': [
    `Deny a certificate signing request.`,
    `kubectl certificate deny (-f FILENAME | NAME) [options]`,
  ],
  'cluster-info dump': [
    `Dump cluster information out suitable for debugging and diagnosing cluster problems.  By default, dumps everything to stdout. You can optionally specify a directory with --output-directory.  If you specify a directory, Kubernetes will build a set of files in that directory.  By default, only dumps things in the current namespace and 'kube-system' namespace, but you can switch to a different namespace with the --namespaces flag, or specify --all-namespaces to dump all namespaces.`,
    `kubectl cluster-info dump [flags] [options]`,
  ],
  completion: [
    `Output shell completion code for the specified shell (bash, zsh, fish, or powershell). The shell code must be evaluated to provide interactive completion of kubectl commands.  This can be done by sourcing it from the .bash_profile.`,
    `kubectl completion SHELL [options]`,
  ],
  'config current-context': [`Display the current-context.`, `kubectl config current-context [flags] [options]`],
  'config delete-cluster': [
    `Delete the specified cluster from the kubeconfig.`,
    `kubectl config delete-cluster NAME [options]`,
  ],
  'config delete-context': [
    `Delete the specified context from the kubeconfig.`,
    `kubectl config delete-context NAME [options]`,
  ],
  'config delete-user': [`Delete the specified user from the kubeconfig.`, `kubectl config delete-user NAME [options]`],
  'config get-clusters': [
    `Display clusters defined in the kubeconfig.`,
    `kubectl config get-clusters [flags] [options]`,
  ],
  'config get-contexts': [
    `Display one or many contexts from the kubeconfig file.`,
    `kubectl config get-contexts [(-o|--output=)name)] [options]`,
  ],
  'config get-users': [`Display users defined in the kubeconfig.`, `kubectl config get-users [flags] [options]`],
  'config rename-context': [
    `Renames a context from the kubeconfig file.`,
    `kubectl config rename-context CONTEXT_NAME NEW_NAME [options]`,
  ],
  'config set': [
    `Set an individual value in a kubeconfig file.`,
    `kubectl config set PROPERTY_NAME PROPERTY_VALUE [options]`,
  ],
  'config set-cluster': [
    `Set a cluster entry in kubeconfig.`,
    `kubectl config set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com] [options]`,
  ],
  'config set-context': [
    `Set a context entry in kubeconfig.`,
    `kubectl config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace] [options]`,
  ],
  'config set-credentials': [
    `Set a user entry in kubeconfig.`,
    `kubectl config set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value] [options]`,
  ],
  'config unset': [`Unset an individual value in a kubeconfig file.`, `kubectl config unset PROPERTY_NAME [options]`],
  'config use-context': [
    `Set the current-context in a kubeconfig file.`,
    `kubectl config use-context CONTEXT_NAME [options]`,
  ],
  'config view': [
    `Display merged kubeconfig settings or a specified kubeconfig file.`,
    `kubectl config view [flags] [options]`,
  ],
  cordon: [`Mark node as unschedulable.`, `kubectl cordon NODE [options]`],
  cp: [`Copy files and directories to and from containers.`, `kubectl cp <file-spec-src> <file-spec-dest> [options]`],
  create: [`Create a resource from a file or from stdin.`, `kubectl create -f FILENAME [options]`],
  'create clusterrole': [
    `Create a cluster role.`,
    `kubectl create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none] [options]`,
  ],
  'create clusterrolebinding': [
    `Create a cluster role binding for a particular cluster role.`,
    `kubectl create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none] [options]`,
  ],
  'create configmap': [
    `Create a config map based on a file, directory, or specified literal value.`,
    `kubectl create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]`,
  ],
  'create cronjob': [
    `Create a cron job with the specified name.`,
    `kubectl create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags] [options]`,
  ],
  'create deployment': [
    `Create a deployment with the specified name.`,
    `kubectl create deployment NAME --image=image -- [COMMAND] [args...] [options]`,
  ],
  'create ingress': [
    `Create an ingress with the specified name.`,
    `kubectl create ingress NAME --rule=host/path=service:port[,tls[=secret]]  [options]`,
  ],
  'create job': [
    `Create a job with the specified name.`,
    `kubectl create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...] [options]`,
  ],
  'create namespace': [
    `Create a namespace with the specified name.`,
    `kubectl create namespace NAME [--dry-run=server|client|none] [options]`,
  ],
  'create poddisruptionbudget': [
    `Create a pod disruption budget with the specified name, selector, and desired minimum available pods.`,
    `kubectl create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none] [options]`,
  ],
  'create priorityclass': [
    `Create a priority class with the specified name, value, globalDefault and description.`,
    `kubectl create priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none] [options]`,
  ],
  'create quota': [
    `Create a resource quota with the specified name, hard limits, and optional scopes.`,
    `kubectl create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none] [options]`,
  ],
  'create role': [
    `Create a role with single rule.`,
    `kubectl create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none] [options]`,
  ],
  'create rolebinding': [
    `Create a role binding for a particular role or cluster role.`,
    `kubectl create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none] [options]`,
  ],
  'create secret docker-registry': [
    `Create a new secret for use with Docker registries.`,
    `kubectl create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none] [options]`,
  ],
  'create secret generic': [
    `Create a secret based on a file, directory, or specified literal value.`,
    `kubectl create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]`,
  ],
  'create secret tls': [
    `Create a TLS secret from the given public/private key pair.`,
    `kubectl create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none] [options]`,
  ],
  'create service clusterip': [
    `Create a ClusterIP service with the specified name.`,
    `kubectl create service clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none] [options]`,
  ],
  'create service externalname': [
    `Create an ExternalName service with the specified name.`,
    `kubectl create service externalname NAME --external-name external.name [--dry-run=server|client|none] [options]`,
  ],
  'create service loadbalancer': [
    `Create a LoadBalancer service with the specified name.`,
    `kubectl create service loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none] [options]`,
  ],
  'create service nodeport': [
    `Create a NodePort service with the specified name.`,
    `kubectl create service nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none] [options]`,
  ],
  'create serviceaccount': [
    `Create a service account with the specified name.`,
    `kubectl create serviceaccount NAME [--dry-run=server|client|none] [options]`,
  ],
  'create token': [`Request a service account token.`, `kubectl create token SERVICE_ACCOUNT_NAME [options]`],
  debug: [
    `Debug cluster resources using interactive debugging containers.`,
    `kubectl debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ] [options]`,
  ],
  delete: [
    `Delete resources by file names, stdin, resources and names, or by resources and label selector.`,
    `kubectl delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)]) [options]`,
  ],
  describe: [
    `Show details of a specific resource or group of resources.`,
    `kubectl describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]`,
  ],
  diff: [
    `Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.`,
    `kubectl diff -f FILENAME [options]`,
  ],
  drain: [`Drain node in preparation for maintenance.`, `kubectl drain NODE [options]`],
  edit: [`Edit a resource from the default editor.`, `kubectl edit (RESOURCE/NAME | -f FILENAME) [options]`],
  events: [
    `Display events.`,
    `kubectl events [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [options]`,
  ],
  exec: [
    `Execute a command in a container.`,
    `kubectl exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...] [options]`,
  ],
  explain: [
    `Describe fields and structure of various resources.`,
    `kubectl explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2] [options]`,
  ],
  expose: [
    `Expose a resource as a new Kubernetes service.`,
    `kubectl expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type] [options]`,
  ],
  get: [
    `Display one or many resources.`,
    `kubectl get [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]`,
  ],
  kustomize: [
    `Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to a directory containing 'kustomization.yaml', or a git repository URL with a path suffix specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.`,
    `kubectl kustomize DIR [flags] [options]`,
  ],
  label: [
    `Update the labels on a resource.`,
    `kubectl label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]`,
  ],
  logs: [
    `Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.`,
    `kubectl logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER] [options]`,
  ],
  patch: [
    `Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.`,
    `kubectl patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]`,
  ],
  'plugin list': [
    `List all available plugin files on a user's PATH. To see plugins binary names without the full path use --name-only flag.`,
    `kubectl plugin list [flags] [options]`,
  ],
  'port-forward': [
    `Forward one or more local ports to a pod.`,
    `kubectl port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]`,
  ],
  proxy: [
    `Creates a proxy server or application-level gateway between localhost and the Kubernetes API server. It also allows serving static content over specified HTTP path. All incoming data enters through one port and gets forwarded to the remote Kubernetes API server port, except for the path matching the static content path.`,
    `kubectl proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix] [options]`,
  ],
  replace: [`Replace a resource by file name or stdin.`, `kubectl replace -f FILENAME [options]`],
  'rollout history': [
    `View previous rollout revisions and configurations.`,
    `kubectl rollout history (TYPE NAME | TYPE/NAME) [flags] [options]`,
  ],
  'rollout pause': [`Mark the provided resource as paused.`, `kubectl rollout pause RESOURCE [options]`],
  'rollout restart': [`Restart a resource.`, `kubectl rollout restart RESOURCE [options]`],
  'rollout resume': [`Resume a paused resource.`, `kubectl rollout resume RESOURCE [options]`],
  'rollout status': [
    `Show the status of the rollout.`,
    `kubectl rollout status (TYPE NAME | TYPE/NAME) [flags] [options]`,
  ],
  'rollout undo': [
    `Roll back to a previous rollout.`,
    `kubectl rollout undo (TYPE NAME | TYPE/NAME) [flags] [options]`,
  ],
  run: [
    `Create and run a particular image in a pod.`,
    `kubectl run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...] [options]`,
  ],
  scale: [
    `Set a new size for a deployment, replica set, replication controller, or stateful set.`,
    `kubectl scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME) [options]`,
  ],
  'set env': [
    `Update environment variables on a pod template.`,
    `kubectl set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]`,
  ],
  'set image': [
    `Update existing container image(s) of resources.`,
    `kubectl set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N [options]`,
  ],
  'set resources': [
    `Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.  If a pod is successfully scheduled, it is guaranteed the amount of resource requested, but may burst up to its specified limits.`,
    `kubectl set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS] [options]`,
  ],
  'set selector': [
    `Set the selector on a resource. Note that the new selector will overwrite the old selector if the resource had one prior to the invocation of 'set selector'.`,
    `kubectl set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version] [options]`,
  ],
  'set serviceaccount': [
    `Update the service account of pod template resources.`,
    `kubectl set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT [options]`,
  ],
  'set subject': [
    `Update the user, group, or service account in a role binding or cluster role binding.`,
    `kubectl set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none] [options]`,
  ],
  taint: [
    `Update the taints on one or more nodes.`,
    `kubectl taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N [options]`,
  ],
  'top node': [`Display resource (CPU/memory) usage of nodes.`, `kubectl top node [NAME | -l label] [options]`],
  'top pod': [`Display resource (CPU/memory) usage of pods.`, `kubectl top pod [NAME | -l label] [options]`],
  uncordon: [`Mark node as schedulable.`, `kubectl uncordon NODE [options]`],
  version: [
    `Print the client and server version information for the current context.`,
    `kubectl version [flags] [options]`,
  ],
  wait: [
    `Wait for a specific condition on one or many resources.`,
    `kubectl wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]] [options]`,
  ],
};
