import { all, count, is, kubectl, lasting } from '../build.ts';
import { defineLesson, type Check, type Move, type Value } from '../lesson.ts';
import { ingressController } from './ingress-controller.ts';

const app = (name: string, image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 2
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: ${name}
        image: ${image}
        ports:
        - containerPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports:
  - port: 80
    targetPort: 8080
`;
const rules = (api: string): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: shop
            port: {number: 80}
      - path: /api
        pathType: Prefix
        backend:
          service:
            name: ${api}
            port: {number: 80}
`;

const asks = (name: string, url: string): Move => ({
  traffic: { name, url, rps: 4, from: 'outside', timeoutMs: 2000 },
});
const success = (source: string): Value => ({ traffic: source, measure: 'success', overMs: 3000 });
const served = (source: string): Check => lasting(5, is(success(source), '>=', 99));
const ingress = { resource: 'ingresses.networking.k8s.io', name: 'shop' } as const;
const address = { field: ingress, path: 'status.loadBalancer.ingress[0].ip' } as const;
const alone = all(count(ingress, '=', 1), is(address, '=', ''));

/** Rules need a controller: an Ingress by itself is only an object. */
export const lesson28 = defineLesson({
  id: '28',
  chapter: 'E',
  covers: ['S24'],
  minutes: 8,
  engagement: 'changing',
  world: { seed: 128, nodes: 3 },
  start: {
    manifest: `${app('shop', 'shop:v1')}---\n${app('api', 'api:1')}`,
    later: [
      { at: 12_000, move: asks('users', 'http://shop.example/') },
      { at: 12_000, move: asks('api-users', 'http://shop.example/api') },
    ],
    opensAt: 16_000,
  },
  prediction: {
    step: 'rules',
    options: [
      { id: 'routes', truth: is(success('users'), '>=', 99) },
      { id: 'not-found', truth: all(is(success('users'), '<', 99), is(address, '!=', '')) },
      { id: 'nothing', truth: all(is(success('users'), '=', 0), is(address, '=', '')) },
    ],
    answer: 'nothing',
    decided: lasting(15, count(ingress, '=', 1)),
  },
  steps: [
    {
      id: 'rules',
      checks: [
        { id: 'no-address', check: lasting(15, alone) },
        { id: 'nobody', check: is(success('users'), '=', 0) },
      ],
      manifest: rules('apis'),
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }],
    },
    {
      id: 'controller',
      checks: [
        { id: 'address', check: is(address, '!=', '') },
        { id: 'shop', check: served('users') },
        { id: 'api-fails', check: lasting(5, is(success('api-users'), '=', 0)) },
      ],
      manifest: ingressController,
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }, { ref: 'ingresses.networking.k8s.io/default/shop' }],
    },
    {
      id: 'api',
      checks: [
        { id: 'api', check: served('api-users') },
        { id: 'shop-still', check: served('users') },
      ],
      manifest: rules('apis'),
      yamlHelp: 'none',
      highlight: [{ ref: 'ingresses.networking.k8s.io/default/shop' }, { control: 'editor' }],
    },
  ],
  observations: [
    { id: 'success', value: success('users') },
    { id: 'address', value: address },
    { id: 'pods', value: { count: { resource: 'pods', namespace: 'ingress-nginx' } } },
  ],
  solution: {
    rules: [{ apply: rules('apis') }],
    controller: [{ apply: ingressController }],
    api: [{ apply: rules('api') }],
  },
  wrongAnswers: [
    { id: 'the controller comes first', step: 'rules', moves: [{ apply: ingressController }] },
    {
      id: 'a controller for another class',
      step: 'controller',
      moves: [
        {
          apply: ingressController
            .replaceAll('--ingress-class=nginx', '--ingress-class=other')
            .replaceAll('k8s.io/ingress-nginx', 'example.com/other'),
        },
      ],
    },
    { id: 'only the class', step: 'controller', moves: [{ apply: ingressController.split('---\n')[1]! }] },
    {
      id: 'the whole host goes to the api',
      step: 'api',
      moves: [kubectl('create service clusterip other --tcp=80:8080'), { apply: rules('other') }],
    },
  ],
});
