/** A kubeconfig whose only context is the cluster at `url`. */
export const kubeconfigOf = (url: string): string => `apiVersion: v1
kind: Config
clusters:
- name: kubarium
  cluster:
    server: ${url}
contexts:
- name: kubarium
  context:
    cluster: kubarium
    user: kubernetes-admin
users:
- name: kubernetes-admin
  user: {}
current-context: kubarium
`;
