import type { LessonTexts } from '../../lesson.ts';
import type { lesson21 } from '../../list/21.ts';

/** 한국어로 쓴 21. */
export const text21: LessonTexts<typeof lesson21> = {
  title: '노드 장애, 왜 5분이나 걸릴까',
  goal: '노드(Node) 장애의 시간표를 읽는다.',
  note: '워커 노드에 문제가 생기면 파드가 다른 노드에 재생성된다.',
  verdict:
    '맞지만 늦다. 하트비트 없이 50초쯤 지나면 노드는 NotReady가 되고 그 파드는 서비스에서 빠진다. 파드는 기본으로 300초 동안 이를 참는다. 그 뒤에야 축출되고 레플리카셋(ReplicaSet)이 다른 노드에 **다른** 파드를 만든다. 사용자는 그보다 훨씬 전에 다시 서비스를 받았다.',
  steps: {
    default: {
      body: '노드 세 개에 파드 세 개, 그리고 사용자가 있다. node-2를 끄고 파드 세 개가 다시 Ready가 될 때까지 시간을 보내자. 노드가 NotReady가 될 때, 엔드포인트가 빠질 때, 새 파드가 나타날 때를 눈여겨보자.',
      hints: [
        '1을 눌러 **node-2 크래시**를 실행하고 이벤트 단위로 재생하자.',
        '노드의 죽음은 아무도 알려 주지 않는다. 먼저 누군가 하트비트가 없다는 것을 알아차려야 한다.',
      ],
    },
    shorten: {
      body: 'node-2를 다시 켜자. 이 파드들이 잃어버린 노드에서 **30**초만 기다리도록 빈칸을 채우고 적용하자. 기본값은 300초다. 세 개가 모두 Ready가 되면 node-2를 한 번 더 끄고 비교해 보자.',
      hints: [
        '먼저 1을 눌러 **node-2 시작**. 그다음 두 군데인 빈칸을 채우고 적용하자. 롤아웃이 끝나면 2를 눌러 **node-2 크래시**. node-2에 파드가 없다면 디플로이먼트를 눌러 롤아웃을 재시작하자.',
        '`tolerationSeconds`는 `unreachable` 테인트를 참다가 축출되기까지의 시간이다. 노드를 잃었다고 판단하기까지의 50초는 줄지 않으니 50 + 30이 가장 빠르다.',
      ],
    },
  },
  checks: {
    'not-ready': '40~60초 뒤 노드 NotReady',
    endpoint: '60초 안에 엔드포인트 빠짐',
    replacement: '340~370초 뒤 새 파드',
    three: '5초 동안 파드 3개 Ready',
    thirty: '30초를 참는 Ready 파드 3개',
    order: '3단계 순서: node-2 켜기, 거기까지 롤아웃, 크래시',
    sooner: '100초 안에 새 파드',
  },
  actions: { crash: 'node-2 크래시', restore: 'node-2 시작', 'crash-again': 'node-2 크래시' },
  question: '기본값이라면 대신할 파드는 언제 나타날까?',
  options: {
    'at-once': { label: '바로', why: '죽은 기계는 아무 말도 하지 않는다. 하트비트가 여러 번 빠져야 알아차린다.' },
    ten: { label: '10초 뒤', why: '하트비트 한 번의 간격이다. 한 번 빠진 것만으로는 알 수 없다.' },
    fifty: { label: '50초 뒤', why: '노드가 NotReady가 되는 때다. 파드는 돌아올 수도 있으니 더 기다린다.' },
    'five-minutes': { label: '5분 50초 뒤', why: 'NotReady까지 50초쯤, 그다음 파드가 기본으로 참는 300초.' },
  },
  observations: {
    'not-ready': 'NotReady까지(초)',
    endpoint: '엔드포인트가 빠지기까지(초)',
    replacement: '새 파드까지(초)',
    failed: '실패한 요청',
  },
};
