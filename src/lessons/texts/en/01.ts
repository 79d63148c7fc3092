import type { LessonTexts } from '../../lesson.ts';
import type { lesson01 } from '../../list/01.ts';

/** Lesson 01 in English. */
export const text01: LessonTexts<typeof lesson01> = {
  title: 'One container, one server',
  goal: 'Tell the restart of a container from the replacement of a Pod.',
  note: 'When a pod or node has a problem, Kubernetes runs that pod again.',
  verdict:
    'Half right. The kubelet restarted the **container** inside the same Pod: same name, same uid, same node. Nobody made a new Pod, and nobody would if this one were deleted.',
  steps: {
    crash: {
      body: 'One Pod, `hello`, runs one container on one node; containerd runs it there, at the word of the kubelet. Make its process crash and watch the restart counter, the name and the node.',
      hints: [
        'Click the Pod and choose **Crash container**, or press 1.',
        'A crash ends the process, not the Pod. Deleting the Pod is something else.',
      ],
    },
  },
  checks: {
    restarted: 'Restarts ≥ 1',
    'same-uid': 'The same Pod (uid) is there',
    ready: 'Ready again for 5 s',
  },
  actions: { crash: 'Crash the container' },
  question: 'The process in the container exits with code 1. What happens?',
  options: {
    nothing: {
      label: 'Nothing: it stays down',
      why: '`restartPolicy` is `Always` unless the Pod says otherwise, and the kubelet acts on it.',
    },
    'same-pod': {
      label: 'Same Pod, restarts 1',
      why: 'The kubelet starts a new container in the Pod that is there. The API object stays, only its status changes.',
    },
    'new-pod': {
      label: 'A new Pod with a new name',
      why: 'A new Pod is made by a controller such as a ReplicaSet. This Pod has none.',
    },
    'other-node': {
      label: 'It moves to another node',
      why: 'A Pod is bound to its node once and never moves.',
    },
  },
  observations: { restarts: 'Restarts', created: 'New Pods', node: 'Node', runtime: 'Container runtime' },
};
