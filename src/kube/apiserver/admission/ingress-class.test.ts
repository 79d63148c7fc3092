import { expect, it } from 'vitest';
import { openServer, type Server } from '../../../testing/golden.ts';
import type { Ingress } from '../../apis/index.ts';

const isDefault = 'ingressclass.kubernetes.io/is-default-class';

function addClass(server: Server, name: string, annotations: Record<string, string> = {}): void {
  server.client.create(server.ctx, 'ingressclasses.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, annotations },
    spec: { controller: 'k8s.io/ingress-nginx' },
  });
}

function add(
  server: Server,
  name: string,
  annotations: Record<string, string> = {},
  ingressClassName?: string,
): Ingress {
  return server.client.create(server.ctx, 'ingresses.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'shop', annotations },
    spec: { ingressClassName, defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  });
}

it('an Ingress without a class gets the default one, of several the newest; nothing else is touched', () => {
  const server = openServer(['shop']);
  addClass(server, 'plain');
  expect(add(server, 'a').spec?.ingressClassName).toBeUndefined();
  addClass(server, 'first', { [isDefault]: 'true' });
  addClass(server, 'off', { [isDefault]: 'false' });
  expect(add(server, 'b').spec?.ingressClassName).toBe('first');
  expect(add(server, 'c', {}, 'plain').spec?.ingressClassName).toBe('plain');
  expect(add(server, 'd', { 'kubernetes.io/ingress.class': 'nginx' }).spec?.ingressClassName).toBeUndefined();
});

it('the old annotation is warned of, and must agree with the class at creation', () => {
  const server = openServer(['shop']);
  const send = (annotation: string) =>
    server.api.request(server.ctx, 'you', {
      verb: 'create',
      resource: 'ingresses.networking.k8s.io',
      namespace: 'shop',
      body: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: annotation, annotations: { 'kubernetes.io/ingress.class': annotation } },
        spec: { ingressClassName: 'nginx', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
      },
    });
  expect(send('nginx').warnings).toEqual([
    `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
  ]);
  expect(send('other').body).toMatchObject({
    message:
      'Ingress.networking.k8s.io "other" is invalid: annotations.kubernetes.io/ingress.class: Invalid value: "other": must match `ingressClassName` when both are specified',
  });
});
