import { expect, it } from 'vitest';
import type { Ingress } from '../apis/index.ts';
import { openServer } from '../../testing/golden.ts';
import { kubectl } from './index.ts';

function create(line: string): Ingress['spec'] | string {
  const server = openServer();
  const { stdout, stderr } = kubectl(
    server.ctx,
    server.api,
    `create ingress i ${line} --dry-run=client -o json`,
    {},
    '',
  );
  return stderr === '' ? (JSON.parse(stdout) as Ingress).spec : stderr;
}

const backend = (name: string, port: number | string) => ({
  service: { name, port: typeof port === 'number' ? { number: port } : { name: port } },
});

it('create ingress groups rules by host, reads path types off the star, and secrets by host', () => {
  expect(
    create(
      '--class=nginx --rule=a.com/=web:80 --rule=a.com/api*=api:http,tls=one --rule=/x=any:1 --rule=b.com/=b:2,tls',
    ),
  ).toEqual({
    ingressClassName: 'nginx',
    rules: [
      {
        host: 'a.com',
        http: {
          paths: [
            { path: '/', pathType: 'Exact', backend: backend('web', 80) },
            { path: '/api', pathType: 'Prefix', backend: backend('api', 'http') },
          ],
        },
      },
      { http: { paths: [{ path: '/x', pathType: 'Exact', backend: backend('any', 1) }] } },
      { host: 'b.com', http: { paths: [{ path: '/', pathType: 'Exact', backend: backend('b', 2) }] } },
    ],
    tls: [{ hosts: ['a.com'], secretName: 'one' }, { hosts: ['b.com'] }],
  });
  expect(create('--default-backend=web:80')).toEqual({ defaultBackend: backend('web', 80) });
});

it.each([
  [
    '',
    'error: not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)\n',
  ],
  [
    '--rule=a.com=web:80',
    'error: rule a.com=web:80 is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]\n',
  ],
  ['--default-backend=web', 'error: default-backend should be in format servicename:serviceport\n'],
  ['--default-backend=web:80 --annotation=a', 'error: annotation a is invalid and should be in format key=[value]\n'],
])('create ingress %s is refused', (line, message) => {
  expect(create(line)).toBe(message);
});
