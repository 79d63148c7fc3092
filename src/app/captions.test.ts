import { expect, test } from 'vitest';
import { wrap } from './captions.ts';

test('a caption breaks between words, and a Hangul syllable is as wide as two letters', () => {
  expect(wrap('ReplicaSet controller creates Pod web-7c5898dd97-j9f4w')).toEqual([
    'ReplicaSet controller creates Pod',
    'web-7c5898dd97-j9f4w',
  ]);
  expect(wrap('레플리카셋 컨트롤러가 web-7c5898dd97-j9f4w 파드를 생성')).toEqual([
    '레플리카셋 컨트롤러가',
    'web-7c5898dd97-j9f4w 파드를 생성',
  ]);
  expect(wrap('x'.repeat(80))).toEqual(['x'.repeat(36), 'x'.repeat(36), 'x'.repeat(8)]);
  expect(wrap('toleration of node.kubernetes.io/unreachable:NoExecute used up after 300 s')).toEqual([
    'toleration of',
    'node.kubernetes.io/unreachable:',
    'NoExecute used up after 300 s',
  ]);
});
