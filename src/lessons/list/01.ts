import { all, count, done, is, kubectl, lasting } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: hello
  labels: {app: hello}
spec:
  containers:
  - name: hello
    image: hello:1
`;

const hello = { resource: 'pods', name: 'hello' } as const;
const crash = { fault: { fault: 'container-crash', namespace: 'default', pod: 'hello' } } as const;
const restarts = { sum: hello, path: 'status.containerStatuses[0].restartCount' } as const;
const readyAgain = all(
  done({ deeds: 'kubelet.container-exited' }),
  lasting(5, count({ ...hello, where: [{ is: 'ready' }] }, '=', 1)),
);

/** One container, one server: the kubelet restarts a container in the same Pod. */
export const lesson01 = defineLesson({
  id: '01',
  chapter: 'A',
  covers: ['S1', 'S2', 'S3'],
  minutes: 4,
  engagement: 'changing',
  world: { seed: 101, nodes: 2 },
  start: { manifest, opensAt: 10_000 },
  prediction: {
    step: 'crash',
    options: [
      { id: 'nothing', truth: is({ deeds: 'kubelet.container-started' }, '=', 0) },
      { id: 'same-pod', truth: all(is({ kept: hello }, '=', 1), is(restarts, '>=', 1)) },
      { id: 'new-pod', truth: is({ created: { resource: 'pods' } }, '>=', 1) },
      {
        id: 'other-node',
        truth: is({ kept: { ...hello, where: [{ path: 'spec.nodeName', op: '=', to: 'node-1' }] } }, '=', 0),
      },
    ],
    answer: 'same-pod',
    decided: readyAgain,
  },
  steps: [
    {
      id: 'crash',
      checks: [
        { id: 'restarted', check: is(restarts, '>=', 1) },
        { id: 'same-uid', check: is({ kept: hello }, '=', 1) },
        { id: 'ready', check: readyAgain },
      ],
      highlight: [{ ref: 'pods/default/hello' }],
      actions: [{ id: 'crash', moves: [crash] }],
    },
  ],
  observations: [
    { id: 'restarts', value: restarts },
    { id: 'created', value: { created: { resource: 'pods' } } },
    { id: 'node', value: { field: hello, path: 'spec.nodeName' } },
    {
      id: 'runtime',
      value: { field: { resource: 'nodes', name: 'node-1' }, path: 'status.nodeInfo.containerRuntimeVersion' },
    },
  ],
  solution: { crash: [crash] },
  wrongAnswers: [
    { id: 'the Pod is deleted', step: 'crash', moves: [kubectl('delete pod hello')] },
    {
      id: 'the Pod is deleted and applied again',
      step: 'crash',
      moves: [kubectl('delete pod hello'), { apply: manifest }],
    },
  ],
});
