import type { LessonTexts } from '../../lesson.ts';
import type { lesson26 } from '../../list/26.ts';

/** 한국어로 쓴 26. */
export const text26: LessonTexts<typeof lesson26> = {
  title: '포트 세 개',
  goal: 'port, targetPort, containerPort를 따라 프로세스까지 간다.',
  note: '컨테이너의 port와 protocol을 `ports`에서 설정한다.',
  verdict:
    '설정이라기보다 적어 두는 것이다. `containerPort`는 아무것도 열거나 닫지 않는다. 어디서 들을지는 프로세스가 정하고, 어디로 보낼지는 서비스의 `targetPort`가 정한다. 포트를 **이름**으로 부를 때는 이 목록이 필요하다.',
  steps: {
    number: {
      body: '상점은 8080에서 듣는다. 서비스는 80으로 받아 80으로 보내므로 모든 요청이 거절된다. 컨테이너에는 포트가 하나도 적혀 있지 않다. 서비스가 보낼 곳을 채우자.',
      hints: [
        '빈칸은 `targetPort`이고 숫자다.',
        '`port`는 서비스의 문, `targetPort`는 파드의 문이다. 어디서 듣는지는 파드의 로그에 나온다.',
      ],
    },
    name: {
      body: '이번에는 서비스에 `targetPort: http`라고 적혀 있다. 이름은 찾아야 한다. 컨테이너 포트의 이름을 채우고 적용해 요청이 다시 도착하는지 보자.',
      hints: [
        '두 이름이 같아야 한다.',
        '어느 컨테이너에도 없는 이름이면 주소가 하나도 나오지 않는다. 엔드포인트가 빈다.',
      ],
    },
  },
  checks: {
    target: 'targetPort = 8080',
    undeclared: '포트를 적은 파드 = 0',
    served: '5초 동안 성공률 ≥ 99 %',
    'by-name': 'targetPort = http',
    endpoints: '엔드포인트 = 2',
    'served-again': '5초 동안 성공률 ≥ 99 %',
  },
  actions: {},
  question: '`targetPort: 8080`으로 고치고 `containerPort`는 여전히 없다. 요청이 통할까?',
  options: {
    blocks: {
      label: '아니다: 포트를 열지 않았다',
      why: '열 것은 없다. 프로세스가 듣는 포트는 모두 파드의 주소로 닿을 수 있다.',
    },
    passes: { label: '통한다', why: '`containerPort`는 읽는 사람과 이름을 위한 정보다. 트래픽은 그것을 묻지 않는다.' },
    guessed: {
      label: '통한다: 쿠버네티스가 containerPort를 채운다',
      why: '대신 적어 주는 것은 없다. 파드를 살펴보자.',
    },
  },
  observations: { declared: '포트를 적은 파드', target: 'targetPort', success: '성공률, %' },
};
