import type { LessonTexts } from '../../lesson.ts';
import type { lesson14 } from '../../list/14.ts';

/** 한국어로 쓴 14. */
export const text14: LessonTexts<typeof lesson14> = {
  title: '나란히 비교하기',
  goal: '무엇을 대가로 치르는지 보고 전략을 고른다.',
  note: '재생성에는 중단 시간이 있다. 롤링 업데이트는 두 버전이 동시에 서비스되며 중단이 없다.',
  verdict:
    '여기서는 두 문장 모두 맞지만 대가가 있다. 재생성은 요청이 실패했지만 버전이 섞이지 않았고, 롤링 업데이트는 버전이 섞였지만 실패가 없었다. "무중단"에는 준비성 프로브와 정상 종료, 파드를 더 둘 여유도 필요하다. 두 버전이 데이터베이스를 함께 쓸 수 없다면 재생성이 맞다.',
  steps: {
    update: {
      body: '클러스터 두 개, 같은 시드, 똑같은 초당 요청 20개. 매니페스트에서 한 줄만 다르다. 양쪽에 같은 업데이트를 보내고 초 단위로 비교해 보자.',
      hints: [
        '1을 눌러 **양쪽을 v2로 업데이트**를 실행하자.',
        '시간 영역에서 A와 B의 레인을, 무대 아래 표에서 **두 버전 동시**를 비교해 보자.',
      ],
    },
  },
  checks: {
    'a-failed': 'A: 실패한 요청 > 0',
    'a-mixed': 'A: 두 버전이 섞인 초 = 0',
    'b-failed': 'B: 실패한 요청 = 0',
    'b-mixed': 'B: 두 버전이 섞인 초 > 0',
  },
  actions: { update: '양쪽을 v2로 업데이트' },
  question: '두 버전을 동시에 서비스하는 쪽은 어디일까?',
  options: {
    recreate: {
      label: 'Recreate',
      why: '마지막 옛 파드가 사라질 때까지 기다린다. 둘이 함께 답할 수 있는 순간이 없다.',
    },
    rolling: {
      label: 'RollingUpdate',
      why: '새 파드가 Ready가 될 때까지 옛 파드가 계속 서비스한다. 그 사이 서비스는 양쪽으로 보낸다.',
    },
    both: { label: '둘 다', why: '재생성은 바로 그런 일이 있으면 안 되는 경우를 위한 것이다.' },
    neither: {
      label: '둘 다 아니다',
      why: '디플로이먼트(Deployment) 하나의 파드를 바꾸려면 둘 중 하나를 치른다. 실패한 요청이거나, 두 버전이 섞인 몇 초다.',
    },
  },
  observations: {
    success: '성공률, %',
    failed: '실패한 요청',
    fewest: '최소 사용 가능',
    most: '최대 파드',
    mixed: '두 버전 동시(초)',
    total: '걸린 시간(초)',
  },
};
