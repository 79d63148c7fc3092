import { deepFreeze, type Context } from '../../kernel/index.ts';

/** A context: where one is and in which namespace. */
export interface KubeContext {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string | undefined;
}

/** The learner's kubeconfig. Kubernetes: client-go/tools/clientcmd/api. */
export interface Kubeconfig {
  readonly contexts: readonly KubeContext[];
  readonly current: string;
}

/** The one cluster, and who asks of it. */
export const cluster = { name: 'kubarium', server: 'https://127.0.0.1:6443', user: 'kubernetes-admin' } as const;

const fresh: Kubeconfig = deepFreeze({
  contexts: [{ name: cluster.name, cluster: cluster.name, user: cluster.user }],
  current: cluster.name,
});

/** What the learner's terminal remembers beside its lines: plain data, so that rewind and share know it too. */
interface Remembers {
  kubeconfig?: Kubeconfig;
}

/** The kubeconfig as it is now. */
export const kubeconfigOf = (ctx: Context): Kubeconfig => ctx.part<Remembers>('you')?.kubeconfig ?? fresh;

/** Keeps a changed kubeconfig. */
export function keepKubeconfig(ctx: Context, config: Kubeconfig): void {
  const memory = ctx.part<Remembers>('you');
  if (memory) memory.kubeconfig = deepFreeze(config);
}

/** The context that is current, or the one that `--context` names. */
export const contextOf = ({ contexts, current }: Kubeconfig, name = current): KubeContext | undefined =>
  contexts.find((context) => context.name === name);
