import type { LessonTexts } from '../../lesson.ts';
import type { lesson12 } from '../../list/12.ts';

/** 한국어로 쓴 12. */
export const text12: LessonTexts<typeof lesson12> = {
  title: '재생성: 모두 내린 뒤 올리기',
  goal: '두 버전 사이의 틈을 보고 재 본다.',
  note: '재생성(Recreate)은 파드를 모두 종료한 뒤 새로 실행하므로 중단 시간이 있다.',
  verdict:
    '맞다. `strategy: Recreate`에서는 옛 파드가 하나도 남지 않아야 새 레플리카셋(ReplicaSet)이 채워진다. 두 버전이 함께 서비스하는 일은 없고, 그동안은 아무도 서비스하지 않는다.',
  steps: {
    update: {
      body: 'v1 파드 네 개가 초당 요청 20개에 답한다. 전략은 재생성(`Recreate`)이다. 빈칸에 `v2`를 적고 적용한 다음 사용자에게서 눈을 떼지 말자.',
      hints: [
        '빈칸은 이미지의 태그다.',
        '옛 레플리카셋이 먼저 0이 된다. 새 레플리카셋은 마지막 옛 파드가 정말로 끝날 때까지 기다린다.',
      ],
    },
  },
  checks: {
    'never-both': 'v1과 v2가 동시에 Ready인 적 없음',
    gap: '가장 낮은 1초 성공률 = 0 %',
    'all-v2': '3초 동안 v2 파드 4개 Ready',
  },
  actions: {},
  question: '1초 단위로 볼 때 가장 낮은 성공률은 얼마일까?',
  options: {
    all: { label: '100 %', why: '그러려면 새 파드가 시작하는 동안 서비스할 파드가 있어야 한다. 재생성에는 없다.' },
    'three-quarters': { label: '75 %쯤', why: '네 개 가운데 하나가 빠진 경우다. 재생성은 하나씩 하지 않는다.' },
    half: { label: '50 %쯤', why: '절반을 남겨 두는 일은 없다. 이 전략은 전부 아니면 없음뿐이다.' },
    none: { label: '0 %', why: '마지막 옛 파드와 처음으로 Ready가 된 새 파드 사이에는 서비스에 엔드포인트가 없다.' },
  },
  observations: {
    lowest: '가장 낮은 1초 성공률, %',
    failed: '실패한 요청',
    fewest: '가장 적었던 Ready 파드',
    gap: 'Ready 파드가 없던 시간(초)',
  },
};
