import type { LessonTexts } from '../../lesson.ts';
import type { lesson04 } from '../../list/04.ts';

/** 한국어로 쓴 04. */
export const text04: LessonTexts<typeof lesson04> = {
  title: 'YAML이 파드가 되기까지',
  goal: '매니페스트가 컨테이너가 되기까지 누가 무엇을 쓰는지 말할 수 있다.',
  note: '레플리카셋이 파드 전체의 생명을 관리한다. 도커로 개발한 서비스를 쉽게 관리한다.',
  verdict:
    '일부만 맞다. 레플리카셋 컨트롤러는 파드 오브젝트를 만들었을 뿐이다. 스케줄러가 거기에 노드 이름을 적었고, 그 노드의 kubelet이 containerd에게 컨테이너를 시작하게 했다. 서로를 부른 적은 한 번도 없다. 모두 API 서버를 읽고 API 서버에 썼다. 도커로 만든 이미지는 OCI 이미지라서 여기서도 실행되지만, 노드에 도커는 더 이상 없다.',
  steps: {
    apply: {
      body: '클러스터가 비어 있다. 매니페스트를 그대로 적용한 다음 → 키로 한 이벤트씩 나아가자. 봉투는 모두 API 서버로 간다. 누가 무엇을 썼는지 봉투에서 읽어 보자.',
      hints: [
        'Ctrl+Enter로 적용한다. 그다음 → 키를 누를 때마다 쓰기가 하나씩 일어난다.',
        '각 구성 요소는 자기와 관계있는 오브젝트를 API 서버에서 지켜본다. 디플로이먼트는 일하는 누군가가 아니라 오브젝트다.',
      ],
    },
  },
  checks: {
    replicaset: '레플리카셋이 만들어진다',
    pod: '그다음 파드 오브젝트',
    bound: '그다음 노드에 배정',
    started: '그다음 컨테이너 시작',
    ready: '그다음 파드가 Ready',
  },
  actions: {},
  question: '파드 오브젝트는 누가 만들까?',
  options: {
    kubelet: {
      label: '노드의 kubelet',
      why: 'kubelet은 자기 노드(Node)에 배정된 파드를 실행한다. 배정되기 전에는 할 일이 없다.',
    },
    scheduler: { label: '스케줄러', why: '스케줄러는 이미 있는 파드에게 노드를 골라 줄 뿐이다.' },
    replicaset: {
      label: '레플리카셋 컨트롤러가 API 서버에',
      why: '1개를 원하는데 0개인 레플리카셋(ReplicaSet)을 보고 API 서버에 파드 하나를 만들어 달라고 했다.',
    },
    deployment: {
      label: '디플로이먼트 자신',
      why: '오브젝트는 아무 일도 하지 않는다. 디플로이먼트(Deployment) 컨트롤러가 레플리카셋을 만든 것이 전부다.',
    },
  },
  observations: {
    replicasets: '만들어진 레플리카셋',
    pods: '레플리카셋 컨트롤러가 만든 파드',
    bound: '노드 배정',
    seconds: 'Ready까지 걸린 시간(초)',
  },
};
