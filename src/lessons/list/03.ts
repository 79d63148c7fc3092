import { all, count, done, fault, is, kubectl, lasting, pods, ready, wait } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const manifest = (replicas: number | string): string => `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: hello
        image: hello:1
`;

const stop = { fault: { fault: 'process-stop', process: 'kube-controller-manager' } } as const;
const start = { fault: { fault: 'process-start', process: 'kube-controller-manager' } } as const;
const deleteTwo = kubectl('delete pod {pod app=web} {pod app=web 1}');
const byHand = { deeds: 'api.delete', by: 'you', ref: 'pods/default/web-' } as const;
const created = { created: pods('app=web') } as const;
const five = lasting(5, count(ready('app=web'), '=', 5));

/** Desired and current state: a controller acts on the difference, whatever it missed. */
export const lesson03 = defineLesson({
  id: '03',
  chapter: 'A',
  covers: ['S3', 'S7', 'S10', 'S18'],
  minutes: 7,
  engagement: 'changing',
  world: { seed: 103, nodes: 3 },
  start: { manifest: manifest(3), opensAt: 12_000 },
  prediction: {
    step: 'blind',
    options: [
      { id: 'none', truth: is(created, '=', 0) },
      { id: 'two', truth: is(created, '=', 2) },
      { id: 'five', truth: is(created, '=', 5) },
      { id: 'seven', truth: is(created, '=', 7) },
    ],
    answer: 'two',
    decided: all({ order: [done(fault('process-stop')), done(byHand), done(fault('process-start'))] }, five),
  },
  steps: [
    {
      id: 'delete',
      checks: [
        { id: 'deleted', check: done(byHand) },
        { id: 'replaced', check: is(created, '>=', 1) },
        { id: 'three', check: lasting(3, count(ready('app=web'), '=', 3)) },
      ],
      highlight: [{ pods: 'app=web' }, { ref: 'replicasets.apps/default/web' }],
      actions: [{ id: 'delete', moves: [kubectl('delete pod {pod app=web}')] }],
    },
    {
      id: 'scale',
      checks: [{ id: 'five', check: count(ready('app=web'), '=', 5) }],
      manifest: manifest('___'),
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }],
    },
    {
      id: 'blind',
      checks: [
        {
          id: 'order',
          check: {
            order: [
              done(fault('process-stop', 'kube-controller-manager')),
              is(byHand, '>=', 2),
              done(fault('process-start')),
            ],
          },
        },
        { id: 'five-again', check: five },
      ],
      highlight: [{ process: 'kube-controller-manager' }, { pods: 'app=web' }],
      actions: [
        { id: 'stop', moves: [stop] },
        { id: 'delete-two', moves: [deleteTwo] },
        { id: 'start', moves: [start] },
      ],
    },
  ],
  observations: [
    { id: 'deleted', value: byHand },
    { id: 'created', value: created },
    { id: 'lowest', value: { min: { count: ready('app=web') } } },
  ],
  solution: {
    delete: [kubectl('delete pod {pod app=web}')],
    scale: [{ apply: manifest(5) }],
    blind: [stop, deleteTwo, wait(5), start],
  },
  wrongAnswers: [
    { id: 'scaled down instead of deleted', step: 'delete', moves: [kubectl('scale rs web --replicas=2')] },
    { id: 'four replicas', step: 'scale', moves: [{ apply: manifest(4) }] },
    { id: 'deleted before the controller stopped', step: 'blind', moves: [deleteTwo, stop, wait(5), start] },
    { id: 'the controller is left stopped', step: 'blind', moves: [stop, deleteTwo] },
  ],
});
