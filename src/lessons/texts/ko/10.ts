import type { LessonTexts } from '../../lesson.ts';
import type { lesson10 } from '../../list/10.ts';

/** 한국어로 쓴 10. */
export const text10: LessonTexts<typeof lesson10> = {
  title: '레플리케이션컨트롤러',
  goal: '레플리카셋(ReplicaSet)은 말할 수 있고 레플리케이션컨트롤러(ReplicationController)는 말할 수 없는 것을 찾는다.',
  note: '레플리케이션컨트롤러는 이제 사용하지 않는다. 기능이 레플리카셋보다 적다.',
  verdict:
    '실무로는 맞다. 아직 API에 있고 동작도 하지만 셀렉터가 단순한 `key: value` 목록이다. 레플리카셋은 "이 가운데 하나", "아닌 것", "있는 것"까지 말할 수 있고, 디플로이먼트(Deployment)는 그 위에 서 있다.',
  steps: {
    try: {
      body: '레플리케이션컨트롤러가 `env: prod` 파드 두 개를 유지한다. `prod`**와** `staging`을 `matchExpressions`로 함께 고르는 것을 만들려고 한다. 매니페스트를 적용해 보고 API 서버의 대답을 그 줄에서 읽어 보자.',
      hints: [
        '1을 누르자. 편집기는 쓰는 동안 API 서버에 물어보므로 이미 답을 알고 있다.',
        '셀렉터에 어떤 Go 타입을 기대했는지 읽어 보자.',
      ],
    },
    replace: {
      body: '파드를 하나도 잃지 않고 레플리카셋으로 바꾸자. 먼저 터미널에서 파드는 남기고 컨트롤러만 없앤 다음, 빈칸을 채워 적용하자. `env: dev` 파드는 끼어들면 안 된다.',
      hints: [
        '`kubectl delete`에는 딸린 것을 남겨 두는 옵션이 있다. **cascade**를 찾아보자.',
        '연산자는 `env`의 값이 이 목록 **안에** 있다고 말한다.',
      ],
    },
  },
  checks: {
    tried: '적용해 보았다',
    refused: '이름이 both인 레플리케이션컨트롤러 = 0',
    served: '옛것은 그대로 동작한다',
    'rc-gone': '레플리케이션컨트롤러 = 0',
    adopted: '있던 파드 3개를 레플리카셋이 소유',
    dev: 'dev 파드는 주인이 없다',
    three: '5초 동안 prod와 staging 파드 3개',
  },
  actions: { try: '적용해 보기' },
  question: '레플리케이션컨트롤러로 `env In (prod, staging)`을 고를 수 있을까?',
  options: {
    yes: { label: '있다', why: '셀렉터가 `matchExpressions`보다 오래되었다. 단어와 단어를 짝지은 목록일 뿐이다.' },
    no: {
      label: '없다. 종류는 아직 있다',
      why: '같은지만 비교해 고른다. 그것이 차이이고, 레플리카셋이 나온 까닭이다.',
    },
    gone: {
      label: '없다. 종류가 제거되었다',
      why: '제거된 적이 없다. `kubectl get rc`에 답이 나오고, 옛 컨트롤러는 파드 두 개를 지키고 있다.',
    },
  },
  observations: { controllers: '레플리케이션컨트롤러', both: '그 가운데 both', pods: '파드' },
};
