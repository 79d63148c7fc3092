import { all, count, is, kubectl, lasting, pods, ready, service, shop, traffic, users } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const manifest = (app: string): string => shop({ replicas: 3, tag: 'v1' }) + service(app);
const services = { resource: 'services', name: 'web' } as const;
const restarts = { sum: pods('app=web'), path: 'status.containerStatuses[0].restartCount' } as const;

/** A Service selects, it does not manage. */
export const lesson24 = defineLesson({
  id: '24',
  chapter: 'E',
  covers: ['S22', 'S23'],
  minutes: 6,
  engagement: 'changing',
  world: { seed: 124, nodes: 3 },
  start: {
    manifest: manifest('wbe'),
    later: [{ at: 10_000, move: { traffic: users('http://web', 10) } }],
    opensAt: 16_000,
  },
  prediction: {
    step: 'delete',
    options: [
      { id: 'deletes', truth: count(pods('app=web'), '=', 0) },
      { id: 'restarts', truth: all(is({ kept: pods('app=web') }, '=', 3), is(restarts, '>', 0)) },
      { id: 'replaces', truth: is({ created: pods('app=web') }, '>', 0) },
      { id: 'nothing', truth: all(is({ kept: ready('app=web') }, '=', 3), is(restarts, '=', 0)) },
    ],
    answer: 'nothing',
    decided: lasting(10, count(services, '=', 0)),
  },
  steps: [
    {
      id: 'fix',
      checks: [
        { id: 'endpoints', check: is({ endpoints: 'web' }, '=', 3) },
        { id: 'served', check: lasting(5, is(traffic('success', 2000), '>=', 99)) },
        { id: 'same-pods', check: is({ kept: ready('app=web') }, '=', 3) },
      ],
      manifest: manifest('wbe'),
      yamlHelp: 'none',
      highlight: [{ ref: 'services/default/web' }, { control: 'editor' }],
    },
    {
      id: 'delete',
      checks: [
        { id: 'no-service', check: lasting(10, count(services, '=', 0)) },
        { id: 'failing', check: is(traffic('success', 2000), '=', 0) },
        { id: 'pods-stay', check: is({ kept: ready('app=web') }, '=', 3) },
      ],
      highlight: [{ ref: 'services/default/web' }],
      actions: [{ id: 'delete', moves: [kubectl('delete service web')] }],
    },
  ],
  observations: [
    { id: 'kept', value: { kept: ready('app=web') } },
    { id: 'restarts', value: restarts },
    { id: 'failed', value: traffic('failed') },
    { id: 'deleted', value: { deeds: 'api.delete', by: 'you', ref: 'services/' } },
  ],
  solution: {
    fix: [{ apply: manifest('web') }],
    delete: [kubectl('delete service web')],
  },
  wrongAnswers: [
    {
      id: 'other Pods for the wrong selector',
      step: 'fix',
      moves: [kubectl('run wbe --image=shop:v1 --labels=app=wbe')],
    },
    { id: 'the Pods are made anew', step: 'fix', moves: [kubectl('rollout restart deployment/web')] },
    { id: 'Pods and Service are deleted', step: 'delete', moves: [kubectl('delete service,deployment web')] },
  ],
});
