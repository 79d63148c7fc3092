import { expect, it } from 'vitest';
import { openServer, type Server } from '../../../testing/golden.ts';
import { kubectl } from '../index.ts';

const said = (server: Server, line: string, files: Record<string, string> = {}): string => {
  const { stdout, stderr } = kubectl(server.ctx, server.api, line, files, '');
  return stdout + stderr;
};

const objects = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: '', port: 80}]
endpoints: [{addresses: [10.244.1.1]}, {addresses: [10.244.1.2]}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: nginx
  tls: [{hosts: [a.example.com], secretName: t}]
  rules:
  - host: a.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: rest}
spec: {defaultBackend: {service: {name: gone, port: {name: http}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: full}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}
  ingress:
  - from:
    - podSelector: {matchLabels: {r: f}}
    - namespaceSelector: {matchLabels: {team: ops}}
      podSelector: {}
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}
    ports: [{port: http}, {port: 1000, endPort: 1010, protocol: UDP}, {protocol: SCTP}]
  - {}
  egress: []
  policyTypes: [Ingress, Egress]
`;

function shop(): Server {
  const server = openServer(['shop']);
  expect(said(server, 'apply -f o.yaml -n shop', { 'o.yaml': objects })).not.toContain('rror');
  return server;
}

// Recorded: golden/api/kubectl-output.json; addresses filled in.
it('an Ingress is described with its backends and their endpoints', () => {
  expect(said(shop(), 'describe ingress web -n shop')).toBe(`Name:             web
Labels:           <none>
Namespace:        shop
Address:          
Ingress Class:    nginx
Default backend:  <default>
TLS:
  t terminates a.example.com
Rules:
  Host           Path  Backends
  ----           ----  --------
  a.example.com  
                 /   web:80 (10.244.1.1:80,10.244.1.2:80)
Annotations:     <none>
Events:          <none>
`);
  expect(said(shop(), 'describe ingress rest -n shop').split('\n').slice(5, 9)).toEqual([
    'Default backend:  gone:http (<error: services "gone" not found>)',
    'Rules:',
    '  Host        Path  Backends',
    '  ----        ----  --------',
  ]);
  const server = shop();
  expect(said(server, 'get ingress web -n shop --no-headers').replace(/\s+/g, ' ')).toBe(
    'web nginx a.example.com 80, 443 0s ',
  );
  expect(said(server, 'get netpol -n shop --no-headers').replace(/\s+/g, ' ')).toBe('full app in (api,web) 0s ');
});

it('a NetworkPolicy is described rule by rule', () => {
  expect(said(shop(), 'describe netpol full -n shop').split('\n').slice(5)).toEqual(
    `Spec:
  PodSelector:     app in (api,web)
  Allowing ingress traffic:
    To Port: http/TCP
    To Port Range: 1000-1010/UDP
    To Port: <nil>/SCTP
    From:
      PodSelector: r=f
    From:
      NamespaceSelector: team=ops
      PodSelector: <none>
    From:
      IPBlock:
        CIDR: 10.0.0.0/8
        Except: 10.1.0.0/16, 10.2.0.0/16
    ----------
    To Port: <any> (traffic allowed to all ports)
    From: <any> (traffic not restricted by source)
  Allowing egress traffic:
    <none> (Selected pods are isolated for egress connectivity)
  Policy Types: Ingress, Egress
`.split('\n'),
  );
});
