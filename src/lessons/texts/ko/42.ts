import type { LessonTexts } from '../../lesson.ts';
import type { lesson42 } from '../../list/42.ts';

/** 한국어로 쓴 42. */
export const text42: LessonTexts<typeof lesson42> = {
  title: '부하에 따라 늘리는 것은 HPA',
  goal: 'HorizontalPodAutoscaler의 한 걸음을 계산한다.',
  note: '오토 스케일링: 리소스가 부족하면 파드를 추가한다.',
  verdict:
    'HorizontalPodAutoscaler와 메트릭, CPU **요청**이 있을 때만 그렇다. 15초마다 사용량을 요청과 비교한다. ⌈2 × 150 / 50⌉ = 6. `behavior`가 없으면 한 걸음은 max(2 × 2, 4) = 4로 제한되어 먼저 4, 다음에 6이 되었다. 줄일 때는 지난 300초 동안의 가장 큰 값을 따른다.',
  steps: {
    load: {
      body: '파드 두 개가 CPU를 200m씩 요청한다. 오토스케일러는 그 50 %를 목표로 2개에서 10개 사이를 오간다. 초당 요청 60개면 파드마다 300m이 든다. 보내고 다이얼을 지켜보자.',
      hints: [
        '1을 눌러 **초당 요청 60개**를 실행하자. 잰 값은 늦게 도착하니 1분쯤 기다리자.',
        '식은 다이얼에 있다. ⌈레플리카 × 사용률 / 목표⌉. 그다음 한 걸음의 제한을 찾아보자.',
      ],
    },
    stop: {
      body: '파드 여섯 개, 사용률은 목표만큼이다. 이제 부하를 완전히 멈추고 여섯 개가 얼마나 오래 남는지 보자.',
      hints: [
        '1을 눌러 **요청 없음**을 실행하고 ×60으로 재생하자.',
        '오토스케일러는 바로 줄이고 싶어 한다. 지난 값들이 담긴 안정화 윈도우를 보자.',
      ],
    },
  },
  checks: {
    four: 'replicas = 4가 되었다',
    six: '60초 안에 4에서 6으로',
    metric: '6개 Ready, 사용률 45~55 %',
    stays: '부하 없이 280초 뒤에도 6개',
    falls: '그다음 6개 미만',
  },
  actions: { load: '초당 요청 60개', stop: '요청 없음' },
  question: '사용률은 요청의 150 %, 목표는 50 %다. `replicas`는 먼저 몇으로 바뀔까?',
  options: {
    three: { label: '3', why: '하나씩 늘리지 않는다. 비율로 정한다. 목표의 세 배면 파드도 세 배가 필요하다.' },
    four: { label: '4', why: '비율은 6을 원하지만 한 걸음에는 두 배까지, 또는 그보다 크면 4까지만 늘릴 수 있다.' },
    six: { label: '바로 6', why: '식이 원하는 값이다. 한 걸음의 제한 때문에 다음 걸음까지 미뤄진다.' },
    ten: { label: '10', why: '`maxReplicas`는 목표가 아니라 천장이다.' },
  },
  observations: {
    first: '첫 변화까지(초)',
    replicas: 'replicas',
    utilization: '사용률(요청 대비 %)',
    failed: '실패한 요청',
  },
};
