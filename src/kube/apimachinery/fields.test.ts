import { expect, it } from 'vitest';
import { matchesFields, parseFieldSelector } from './fields.ts';

const pod = { metadata: { name: 'a' }, spec: { nodeName: 'n1' }, status: { phase: 'Running' } };

it.each([
  ['spec.nodeName=n1', true],
  ['spec.nodeName=', false],
  ['status.phase!=Running', false],
  ['metadata.name==a,status.phase=Running', true],
  ['spec.hostNetwork=false', true],
  ['metadata.name=a\\,b', false],
  ['', true],
])('%s on a running pod is %s', (text, expected) => {
  expect(matchesFields(parseFieldSelector(text, 'pods'), pod)).toBe(expected);
});

it('reads an event by what it is about and who wrote it', () => {
  const event = { involvedObject: { kind: 'Pod', name: 'a' }, reportingComponent: 'kubelet' };
  const selector = parseFieldSelector('involvedObject.kind=Pod,source=kubelet', 'events');
  expect(matchesFields(selector, event)).toBe(true);
});

it.each([
  ['spec.color=red', 'pods', 'field label not supported: spec.color'],
  ['spec.replicas=1', 'deployments.apps', '"spec.replicas" is not a known field selector'],
  ['nonsense', 'pods', "invalid selector: 'nonsense'; can't understand 'nonsense'"],
  ['constructor=1', 'pods', 'field label not supported'],
])('refuses %s for %s', (text, resource, message) => {
  expect(() => parseFieldSelector(text, resource)).toThrow(message);
});
