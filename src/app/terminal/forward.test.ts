import { expect, test } from 'vitest';
import { addressOf } from './forward.ts';

const ports = [
  { local: 8080, remote: 80 },
  { local: 9090, remote: 9090 },
];

test.each([
  ['http://localhost:8080/', { port: 8080, path: '/' }],
  ['localhost:9090', { port: 9090, path: '/' }],
  ['127.0.0.1:9090/a b?c=1#d', { port: 9090, path: '/a%20b?c=1' }],
  ['/healthz', { port: 8080, path: '/healthz' }],
  ['http://localhost/', null],
  ['http://localhost:8081/', null],
  ['https://localhost:8080/', null],
  ['http://web:8080/', null],
  ['http://', null],
])('the address %s', (text, address) => {
  expect(addressOf(text, ports)).toEqual(address);
});
