import type { LessonTexts } from '../../lesson.ts';
import type { lesson09 } from '../../list/09.ts';

/** 한국어로 쓴 09. */
export const text09: LessonTexts<typeof lesson09> = {
  title: '입양, 생성, 분리',
  goal: '선택하는 것과 소유하는 것을 구분한다.',
  note: '셀렉터에 맞는 파드가 있으면 연결하고, 없으면 템플릿으로 생성한다.',
  verdict:
    '거의 맞다. 셀렉터에 맞고 다른 컨트롤러가 없는 파드를 입양하고, 모자란 **차이**만큼만 만들고, 남으면 삭제한다. 입양한 파드는 고치지 않는다. 템플릿은 새 파드를 위한 것이다.',
  steps: {
    apply: {
      body: '`app: web` 파드 두 개가 `hello:1`을 실행하고 있고 주인은 없다. 매니페스트는 셀렉터가 같은 레플리카셋(ReplicaSet) 세 개인데 템플릿에는 `hello:2`라고 적혀 있다. 적용하자.',
      hints: ['Ctrl+Enter로 매니페스트를 그대로 적용하자.', '컨트롤러는 만들기 전에 이미 맞는 파드가 몇 개인지 센다.'],
    },
    fourth: {
      body: '이제 레이블이 같은 네 번째 파드를 직접 만들어 옆에 놓아 보자. 적용하고 어느 파드가 사라지는지 보자.',
      hints: [
        '매니페스트는 이름이 `extra`이고 레이블이 `app: web`인 파드다.',
        '레이블이 맞고 컨트롤러가 없으니 입양된다. 그러면 네 개인데 원하는 것은 세 개다.',
      ],
    },
    release: {
      body: '삭제하지 않고 파드 하나를 빼내 보자. 터미널에서 `app` 레이블을 다른 값으로 바꾸고 그 뒤에 누가 소유하는지 보자.',
      hints: [
        '동사는 `kubectl label`이다. 레이블이 이미 있으니 `--overwrite`가 필요하다.',
        '더는 맞지 않는 파드는 분리된다. 그러면 레플리카셋에는 하나가 모자란다.',
      ],
    },
  },
  checks: {
    'three-owned': '5초 동안 소유한 파드 3개',
    'old-kept': '옛 파드 두 개를 입양했다',
    'surplus-deleted': '네 번째가 오고 하나가 사라졌다',
    'still-three': '소유한 파드 3개',
    released: '주인이 없고 레이블이 바뀐 파드',
    'three-again': '3초 동안 소유한 파드 3개',
  },
  actions: {},
  question: '새 파드는 몇 개이고, 옛 파드 두 개의 이미지는 무엇이 될까?',
  options: {
    'three-old': {
      label: '새 파드 3개, 옛 파드는 hello:1',
      why: '이미 있던 두 개도 센다. `replicas`만큼이 아니라 모자란 만큼 만든다.',
    },
    'one-old': { label: '새 파드 1개, 옛 파드는 hello:1', why: '둘은 있는 그대로 입양했고 하나가 모자랐다.' },
    'one-new': {
      label: '새 파드 1개, 옛 파드는 hello:2로 바뀜',
      why: '레플리카셋은 파드를 업데이트하지 않는다. 그래서 디플로이먼트(Deployment)가 새 레플리카셋을 만든다.',
    },
    error: {
      label: '없음: 이름이 겹친다',
      why: '겹치는 것은 없다. 새 파드의 이름은 생성되고, 레이블은 함께 쓸 수 있다.',
    },
  },
  observations: { created: '만들어진 파드', adopted: '입양된 옛 파드', 'old-image': 'hello:1을 실행하는 파드' },
};
