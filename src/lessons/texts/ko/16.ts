import type { LessonTexts } from '../../lesson.ts';
import type { lesson16 } from '../../list/16.ts';

/** 한국어로 쓴 16. */
export const text16: LessonTexts<typeof lesson16> = {
  title: '멈출 뿐, 되돌리지 않는다',
  goal: '멈춘 롤아웃을 알아보고 복구한다.',
  note: '디플로이먼트는 자동으로 업데이트하고, 잘못되면 롤백한다.',
  verdict:
    '저절로 되지는 않는다. 새 파드가 Ready가 되지 않으면 롤아웃은 그 자리에서 멈춘다. 옛 파드는 계속 서비스하고 `progressDeadlineSeconds`가 지나면 컨디션이 그 사실을 알릴 뿐이다. 롤백은 사람이나 도구가 `kubectl rollout undo`로 한다.',
  steps: {
    bad: {
      body: 'v1 파드 네 개가 서비스한다. 매니페스트의 `v2-bad`는 시작되지만 결코 Ready가 되지 않는다. 적용하고 클러스터 시간으로 10분을 보내자. 진행 기한은 600초다.',
      hints: [
        'Ctrl+Enter로 적용하고 ×60이나 이벤트 단위로 재생하자.',
        '디플로이먼트의 Progressing 컨디션을 보자. 기한이 지나면 사유가 바뀐다.',
      ],
    },
    undo: {
      body: '아무도 고치지 않았다. 터미널에서 명령 하나로 이전 버전으로 돌아가자.',
      hints: ['명령은 `kubectl rollout`으로 시작한다.', 'v1의 레플리카셋은 그대로 있다. 다시 늘리기만 하면 된다.'],
    },
  },
  checks: {
    deadline: 'Progressing: ProgressDeadlineExceeded',
    'three-serve': 'v1 Ready = 3',
    'two-stuck': 'v2-bad 파드 = 2',
    four: '5초 동안 v1 Ready = 4',
    gone: 'v2-bad 파드 = 0',
    progressing: '다시 진행됨',
    'no-failure': '실패한 요청 = 0',
  },
  actions: {},
  question: '10분 뒤에는 어떻게 되어 있을까?',
  options: {
    'rolled-back': {
      label: 'v1 4개: 롤백되었다',
      why: '쿠버네티스는 스스로 되돌리지 않는다. 기한이 지나면 컨디션만 바뀐다.',
    },
    stalled: {
      label: 'v1 3개가 서비스, v2 2개는 준비 안 됨',
      why: '하나 더(⌈25 %⌉), 하나 덜(⌊25 %⌋)까지 허용된다. 그 범위를 다 쓰고 더 나아가지 못한다.',
    },
    'all-down': {
      label: '모두 내려갔다',
      why: '새 파드가 Ready가 되기 전에는 `maxUnavailable`이 옛 파드 세 개를 지킨다.',
    },
    removed: { label: 'v1 3개, 새 파드는 제거되었다', why: '제거하는 것은 아무도 없다. 계속 시도할 뿐이다.' },
  },
  observations: { old: 'v1 Ready', new: 'v2-bad 파드', reason: '사유', failed: '실패한 요청' },
};
