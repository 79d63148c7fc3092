import type { LessonTexts } from '../../lesson.ts';
import type { lesson03 } from '../../list/03.ts';

/** 한국어로 쓴 03. */
export const text03: LessonTexts<typeof lesson03> = {
  title: '의도한 상태와 현재 상태',
  goal: '컨트롤러는 알림이 아니라 차이를 보고 움직인다는 것을 확인한다.',
  note: '파드는 쉽게 삭제하고 생성할 수 있고 컨트롤러가 이를 보완한다. `replicas`는 유지할 개수다.',
  verdict:
    '맞다. 레플리카셋은 원하는 개수와 지금 보이는 개수를 비교해 그 차이만큼 채운다. 자리를 비운 사이에 무슨 일이 있었는지 기억할 필요가 없다.',
  steps: {
    delete: {
      body: '레플리카셋(ReplicaSet)이 파드 세 개를 원하고 지금 세 개가 있다. 하나를 삭제하고 개수를 지켜보자. 3, 2, 3. 새 파드는 아까 그 파드일까?',
      hints: [
        '파드를 눌러 **파드 삭제**를 고르거나 1을 누르자.',
        '셋을 원하는데 둘이 있으면 차이는 하나다. 그래서 하나를 만든다. 이름을 비교해 보자.',
      ],
    },
    scale: {
      body: '이번에는 세상이 아니라 바라는 값을 바꾼다. 레플리카셋이 파드를 **다섯 개** 유지하도록 빈칸을 채우고 적용하자.',
      hints: ['빈칸은 `replicas`의 값이다.', '`replicas: 5`는 다섯 개를 더하라는 뜻이 아니라 모두 다섯 개라는 뜻이다.'],
    },
    blind: {
      body: 'controller-manager를 멈추고, 아무도 보지 않는 사이에 파드 두 개를 삭제한 다음 다시 시작하자. 파드가 사라질 때 컨트롤러는 그 자리에 없었다.',
      hints: [
        '동작 1, 2, 3을 차례로 실행하자. 그 사이 파드는 세 개뿐이지만 아무도 신경 쓰지 않는다.',
        '컨트롤러는 시작할 때 지금 무엇이 있는지 목록을 읽는다. 그것만 알면 된다.',
      ],
    },
  },
  checks: {
    deleted: '파드를 삭제했다',
    replaced: '새 파드 ≥ 1',
    three: '3초 동안 파드 3개 Ready',
    five: '파드 5개 Ready',
    order: '중지, 두 개 삭제, 시작 순서',
    'five-again': '5초 동안 파드 5개 Ready',
  },
  actions: {
    delete: '파드 하나 삭제',
    stop: 'controller-manager 중지',
    'delete-two': '파드 두 개 삭제',
    start: 'controller-manager 시작',
  },
  question: '두 번의 삭제를 모두 놓쳤다. 다시 시작하면 파드를 몇 개 만들까?',
  options: {
    none: {
      label: '0개: 이벤트를 놓쳤으니까',
      why: '컨트롤러는 이벤트로 사는 것이 아니다. 이벤트는 언제 볼지를 알려 줄 뿐이다.',
    },
    two: { label: '2개', why: '원하는 것은 5, 지금은 3. 누가 언제 지웠든 차이는 2다.' },
    five: { label: '5개', why: '만들기 전에 이미 있는 파드부터 센다.' },
    seven: { label: '7개', why: '`replicas`는 더할 개수가 아니라 결국 있어야 할 개수다.' },
  },
  observations: { deleted: '삭제된 파드', created: '만들어진 파드', lowest: '가장 적었던 Ready 파드' },
};
