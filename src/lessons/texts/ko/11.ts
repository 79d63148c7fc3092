import type { LessonTexts } from '../../lesson.ts';
import type { lesson11 } from '../../list/11.ts';

/** 한국어로 쓴 11. */
export const text11: LessonTexts<typeof lesson11> = {
  title: '디플로이먼트의 두 단계 소유',
  goal: '어떤 변경이 롤아웃을 시작하는지 안다.',
  note: '디플로이먼트는 레플리카셋을 관리하며 파드를 업데이트하는 기본 컨트롤러다. 업데이트가 잘못되면 롤백한다.',
  verdict:
    '스테이트리스 파드라면 맞다. 디플로이먼트는 템플릿 버전마다 레플리카셋을 하나씩 소유하고 레플리카셋이 파드를 소유한다. `spec.template`이 바뀔 때만 새 레플리카셋이 생긴다. 되돌리기는 **명령**이다. 직접 명령했기 때문에 일어났다.',
  steps: {
    scale: {
      body: '디플로이먼트(Deployment) `web`이 레플리카셋(ReplicaSet) 하나로 파드 세 개를 유지한다. `replicas`를 5로 바꾸고 적용하자. 레플리카셋이 하나 더 생기는지 지켜보자.',
      hints: ['`replicas:` 뒤의 숫자만 바꾼다.', '디플로이먼트는 새 숫자를 이미 있는 레플리카셋에 넘겨준다.'],
    },
    image: {
      body: '이제 템플릿 안을 바꾼다. 이미지를 `shop:v2`로 바꾸고 적용한 다음 레플리카셋을 다시 세어 보자.',
      hints: [
        '고칠 줄은 `image: shop:v1`이다.',
        '레플리카셋은 자기 파드를 바꾸지 못한다. 템플릿이 다르면 레플리카셋도 달라야 한다.',
      ],
    },
    undo: {
      body: '터미널에서 명령으로 v1로 돌아가자. 리비전 번호와 어느 레플리카셋이 커지는지 보자.',
      hints: [
        '`kubectl rollout`에 그 일을 하는 동사가 있다.',
        '옛 레플리카셋은 파드 0개로 남아 있다. 그것이 바로 옛 버전이다. 리비전 번호는 새로 받는다.',
      ],
    },
  },
  checks: {
    five: '3초 동안 v1 파드 5개 Ready',
    'one-rs': '레플리카셋 = 1',
    'two-rs': '레플리카셋 = 2',
    revision: '리비전 = 2',
    'all-v2': 'v2 파드 5개 Ready',
    'revision-3': '리비전 = 3',
    'same-rs': '레플리카셋 두 개가 그대로다',
    'all-v1': 'v1 파드 5개 Ready',
  },
  actions: {},
  question: '먼저 `replicas`를, 다음에 이미지를 바꾼다. 롤아웃을 시작하는 것은 무엇일까?',
  options: {
    replicas: {
      label: 'replicas 변경',
      why: '개수 조절은 업데이트가 아니다. 있던 파드는 그대로이고 리비전도 생기지 않는다.',
    },
    template: {
      label: 'spec.template 안의 변경',
      why: '레플리카셋 이름에는 템플릿의 해시가 들어간다. 템플릿이 다르면 레플리카셋도 다르다.',
    },
    any: {
      label: '모든 변경',
      why: '파드를 설명하는 것은 `spec.template`뿐이다. 파드를 바꾸지 않는 변경에는 롤아웃이 필요 없다.',
    },
    annotation: {
      label: '디플로이먼트의 어노테이션',
      why: '디플로이먼트의 어노테이션은 파드와 관계없다. 템플릿 안의 어노테이션이라면 다르다.',
    },
  },
  observations: { replicasets: '레플리카셋', revision: '리비전', 'pods-v2': 'v2 파드' },
};
