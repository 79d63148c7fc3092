import type { Context } from '../kernel/index.ts';
import { timestamp } from '../kube/apimachinery/index.ts';
import type { Pod } from '../kube/apis/index.ts';
import type { Client } from '../kube/client/index.ts';

/** What a pod does on a node without a kubelet: it runs after `startMs`, and ends with `exit` when `after` more have passed. */
export interface DrivenPod {
  readonly startMs: number;
  readonly after?: number;
  readonly exit?: number;
}

/** Whose turn it is: by order of creation (the last entry repeats), or by completion index (`index0`, `others`). */
export type DrivenPlan = readonly DrivenPod[] | Readonly<Record<string, DrivenPod>>;

/** What the plan says about a pod, the `nth` one. */
export function turnOf(plan: DrivenPlan, pod: Pod, nth: number): DrivenPod {
  if (Array.isArray(plan)) return (plan as readonly DrivenPod[])[Math.min(nth, plan.length - 1)]!;
  const byIndex = plan as Readonly<Record<string, DrivenPod>>;
  const index = pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
  return byIndex[`index${index}`] ?? byIndex['others']!;
}

/** Milliseconds that the script behind the recordings took for each step of a pod. */
export const lagMs = 12;

/** Milliseconds from a deletion to the end of the pod's container, which is killed. */
export const killMs = 300;
/** Exit code of a killed process. */
export const killed = 137;

/** Writes the status of a pod that runs, or whose only container has ended. */
export function drive(ctx: Context, client: Client, given: Pod, exitCode?: number): void {
  const pod = client.get(ctx, 'pods', given.metadata.name, given.metadata.namespace);
  const now = timestamp(ctx.now);
  const { name, image } = pod.spec!.containers[0]!;
  const running = exitCode === undefined;
  const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? now;
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  const ready = { type: 'Ready', status: running ? 'True' : 'False', lastTransitionTime: now };
  client.updateStatus(ctx, 'pods', {
    ...pod,
    status: {
      ...pod.status,
      phase: running ? 'Running' : exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions: [...(pod.status?.conditions ?? []).filter((c) => c.type !== 'Ready'), ready],
      containerStatuses: [
        {
          name,
          image: image!,
          imageID: image!,
          ready: running,
          restartCount: 0,
          state: running
            ? { running: { startedAt } }
            : { terminated: { exitCode, reason, startedAt, finishedAt: now } },
        },
      ],
    },
  });
}
