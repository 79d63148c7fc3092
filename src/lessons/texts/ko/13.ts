import type { LessonTexts } from '../../lesson.ts';
import type { lesson13 } from '../../list/13.ts';

/** 한국어로 쓴 13. */
export const text13: LessonTexts<typeof lesson13> = {
  title: '항상 한 개씩은 아니다',
  goal: '롤링 업데이트가 움직이는 범위를 계산한다.',
  note: '롤링 업데이트는 파드를 한 개씩 교체한다.',
  verdict:
    '대체로 틀리다. 최대 서지(`maxSurge`) 10의 25 %는 **올림** 해서 3, 최대 불가(`maxUnavailable`) 25 %는 **내림** 해서 2다. 그래서 최대 13개, 사용 가능한 파드는 최소 8개다. 한 개씩 교체하려면 1과 0을 직접 적어야 한다.',
  steps: {
    defaults: {
      body: '파드 10개가 v1이다. 다음 적용은 기본값인 최대 서지 **25 %**, 최대 불가 **25 %**로 v2로 옮긴다. 태그를 채우고 적용하자. 종료 중인 파드는 세지 않는다.',
      hints: ['빈칸은 태그 `v2`다.', '두 값 모두 `replicas`의 백분율이지만 하나는 올리고 하나는 내린다.'],
    },
    'one-by-one': {
      body: '이제 정말로 한 개씩, 사용 가능한 파드가 10개 밑으로 내려가지 않게 해 보자. v3로 가는 업데이트의 빈칸 두 개를 채우자.',
      hints: [
        '두 빈칸에는 백분율 대신 정수를 적을 수 있다.',
        '원하는 개수보다 하나 더 많고 하나도 모자라지 않게. 그 두 값을 적으면 된다.',
      ],
    },
  },
  checks: {
    most: '최대 파드 = 13',
    fewest: '사용 가능 ≥ 8',
    v2: 'v2 Ready = 10',
    'most-one': '최대 파드 = 11',
    'fewest-one': '내내 사용 가능 = 10',
    v3: 'v3 Ready = 10',
  },
  actions: {},
  question: '동시에 최대 몇 개 / 사용 가능은 최소 몇 개?',
  options: {
    '11-10': {
      label: '11 / 10',
      why: '한 개씩 하려면 `maxSurge: 1`과 `maxUnavailable: 0`이 필요하다. 기본값은 둘 다 25 %다.',
    },
    '13-8': { label: '13 / 8', why: '10보다 ⌈2.5⌉ = 3개 많고, 10보다 ⌊2.5⌋ = 2개 적다.' },
    '12-8': { label: '12 / 8', why: '내림은 `maxUnavailable`만이다. `maxSurge`는 올림이다.' },
    '20-10': { label: '20 / 10', why: '새 파드를 모두 만든 뒤 바꾸는 방식이다. 그러려면 `maxSurge: 100%`여야 한다.' },
  },
  observations: { most: '최대 파드', fewest: '최소 사용 가능', failed: '실패한 요청' },
};
