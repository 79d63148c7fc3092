import { expect, test } from 'vitest';
import { controlPlane } from '../../testing/world.ts';
import type { KubeEvent } from '../apis/index.ts';
import { emptyEvents, emptySeries, recordEvent, recordSeries } from './index.ts';

const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '7' },
};

function bed() {
  const plane = controlPlane({}, 0);
  const memory = emptyEvents();
  return {
    plane,
    tell: (message: string, reason = 'BackOff') =>
      recordEvent(plane.ctx, plane.client, memory, {
        object,
        type: 'Warning',
        reason,
        message,
        component: 'kubelet',
        host: 'n1',
      }),
    events: () => plane.all<KubeEvent>('events', 'default').map((e) => [e.reason, e.message, e.count]),
  };
}

test('the same event again raises its count and its last time', () => {
  const { plane, tell } = bed();
  tell('Back-off restarting failed container');
  plane.run(20_000);
  tell('Back-off restarting failed container');
  const [event, ...others] = plane.all<KubeEvent>('events', 'default');
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    count: 2,
    source: { component: 'kubelet', host: 'n1' },
    reportingComponent: 'kubelet',
    involvedObject: {
      kind: 'Pod',
      namespace: 'default',
      name: 'web',
      uid: 'u',
      apiVersion: 'v1',
      resourceVersion: '7',
    },
  });
  expect(event!.metadata.name).toMatch(/^web\.[0-9a-f]{16}$/);
  expect(event!.lastTimestamp! > event!.firstTimestamp!).toBe(true);
});

test('from the tenth message of one reason on, events are combined; other reasons are not', () => {
  const { tell, events } = bed();
  for (let i = 1; i <= 12; i++) tell(`try ${i}`);
  tell('pulled', 'Pulled');
  expect(events()).toHaveLength(11);
  expect(events()).toContainEqual(['BackOff', '(combined from similar events): try 12', 3]);
  expect(events()).toContainEqual(['BackOff', 'try 9', 1]);
  expect(events()).toContainEqual(['Pulled', 'pulled', 1]);
});

test('after ten quiet minutes messages count anew', () => {
  const { plane, tell, events } = bed();
  for (let i = 1; i <= 9; i++) tell(`try ${i}`);
  plane.run(601_000);
  tell('try 10');
  expect(events()).toContainEqual(['BackOff', 'try 10', 1]);
});

test('after 25 events at once about one object one more is let through every five minutes', () => {
  const { plane, tell, events } = bed();
  for (let i = 0; i < 40; i++) tell('same');
  expect(events()).toEqual([['BackOff', 'same', 25]]);
  plane.run(300_000);
  tell('same');
  expect(events()).toEqual([['BackOff', 'same', 41]]);
});

test('a series is written with its second event, then only counted until it rests', () => {
  const plane = controlPlane({}, 0);
  const memory = emptySeries();
  const tell = (message: string): void =>
    recordSeries(plane.ctx, plane.client, memory, {
      object,
      type: 'Warning',
      reason: 'FailedScheduling',
      action: 'Scheduling',
      message,
      component: 'default-scheduler',
    });
  const series = (): unknown[] => plane.all<KubeEvent>('events', 'default').map((e) => [e.message, e.series?.count]);
  tell('0/3 nodes are available');
  tell('0/2 nodes are available');
  tell('0/1 nodes are available');
  expect(series()).toEqual([['0/3 nodes are available', 2]]);
  plane.run(730_000);
  tell('0/3 nodes are available');
  expect(series()).toEqual([
    ['0/3 nodes are available', 3],
    ['0/3 nodes are available', undefined],
  ]);
});
