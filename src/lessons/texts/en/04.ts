import type { LessonTexts } from '../../lesson.ts';
import type { lesson04 } from '../../list/04.ts';

/** Lesson 04 in English. */
export const text04: LessonTexts<typeof lesson04> = {
  title: 'From YAML to a running Pod',
  goal: 'Name who writes what on the way from a manifest to a container.',
  note: 'A ReplicaSet manages the whole life of a Pod. Services developed with Docker are easy to manage.',
  verdict:
    'Partly. The ReplicaSet only created a Pod object, the scheduler wrote a node name into it, and the kubelet of that node let containerd start the container. They never called each other: all of them read and wrote at the API server. Images built with Docker run here because they are OCI images; Docker itself is no longer on a node.',
  steps: {
    apply: {
      body: 'The cluster is empty. Apply the manifest as it is, then go on event by event with the → key. Each envelope goes to the API server: read on it who wrote what.',
      hints: [
        'Ctrl+Enter applies. The → key then makes one write at a time happen.',
        'Every part watches the API server for the objects that concern it. The Deployment is nobody: it is an object.',
      ],
    },
  },
  checks: {
    replicaset: 'A ReplicaSet is created',
    pod: 'then a Pod object',
    bound: 'then it is bound to a node',
    started: 'then a container starts',
    ready: 'then the Pod is Ready',
  },
  actions: {},
  question: 'Who will create the Pod object?',
  options: {
    kubelet: {
      label: 'The kubelet of a node',
      why: 'The kubelet runs Pods that are bound to its node. Until one is, it has nothing to do.',
    },
    scheduler: { label: 'The scheduler', why: 'The scheduler only chooses a node for a Pod that is there already.' },
    replicaset: {
      label: 'The ReplicaSet controller, at the API server',
      why: 'It saw a ReplicaSet that wants 1 and has 0, and posted one Pod to the API server.',
    },
    deployment: {
      label: 'The Deployment itself',
      why: 'An object does nothing. The Deployment controller made a ReplicaSet, and that is all.',
    },
  },
  observations: {
    replicasets: 'ReplicaSets created',
    pods: 'Pods created by the ReplicaSet controller',
    bound: 'Bindings',
    seconds: 'Seconds until Ready',
  },
};
