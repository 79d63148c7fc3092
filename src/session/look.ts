import type { KubeObject } from '../kube/apimachinery/index.ts';
import { definitionsKey } from '../kube/apis/apiextensions/customresourcedefinition.ts';
import { catalogueOf } from '../kube/apis/catalogue.ts';
import { complete } from '../kube/kubectl/index.ts';
import { contextOf, kubeconfigOf } from '../kube/kubectl/kubeconfig.ts';
import type { CommandResult, Completion, KubectlInput, Observation } from '../protocol/index.ts';
import type { Session } from './session.ts';

const etcdOf = (session: Session): { revision: number; resources: Map<string, Map<string, KubeObject>> } =>
  session.world.kernel.state.parts.get('etcd') as never;

/**
 * What a kubectl line prints at the present moment, when it only reads and ends at once; null when it does not. It happens in a
 * world that is put back afterwards: so one can read the past without making another one of it.
 */
export function look(session: Session, input: KubectlInput): CommandResult | null {
  const { kernel } = session.world;
  const checkpoint = kernel.checkpoint();
  const { observer } = kernel;
  const { revision } = etcdOf(session);
  const config = kubeconfigOf(kernel.context);
  let result: CommandResult | null = null;
  kernel.observer = {
    observe(raw) {
      const observation = raw as Observation;
      if (observation.type === 'result' && observation.id === looking) result = observation;
    },
  };
  try {
    session.world.input(looking, input);
    // The line stands behind what else is to happen at this moment.
    for (let i = 0; i < mostSteps && !result && kernel.nextAt() <= kernel.state.now; i++) kernel.step();
    const same = etcdOf(session).revision === revision && kubeconfigOf(kernel.context) === config;
    return same ? result : null;
  } finally {
    kernel.restore(checkpoint);
    kernel.observer = observer;
  }
}

/** No place in a journal is negative. */
const looking = -1;

/** Most events of one millisecond that are waited for. */
const mostSteps = 10_000;

/** What Tab offers behind a line that has been begun. */
export function completionOf(session: Session, line: string, files: readonly string[]): Completion {
  const { resources } = etcdOf(session);
  return complete(line, {
    kinds: catalogueOf(resources.get(definitionsKey)?.values() ?? []).all,
    objects: ({ key }) => resources.get(key)?.values() ?? [],
    namespace: contextOf(kubeconfigOf(session.world.kernel.context))?.namespace || 'default',
    files,
  });
}
