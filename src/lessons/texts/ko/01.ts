import type { LessonTexts } from '../../lesson.ts';
import type { lesson01 } from '../../list/01.ts';

/** 한국어로 쓴 01. */
export const text01: LessonTexts<typeof lesson01> = {
  title: '컨테이너 하나, 서버 하나',
  goal: '컨테이너 재시작과 파드 교체를 구분한다.',
  note: '파드나 노드에 문제가 생기면 쿠버네티스가 해당 파드를 다시 실행한다.',
  verdict:
    '반만 맞다. kubelet은 같은 파드 안에서 **컨테이너**를 다시 시작했다. 이름도, uid도, 노드도 그대로다. 새 파드를 만든 것은 아무도 없고, 이 파드를 삭제해도 대신 만들어 줄 컨트롤러가 없다.',
  steps: {
    crash: {
      body: '파드 `hello`가 노드(Node) 하나에서 컨테이너 하나를 실행한다. 노드에서는 kubelet의 지시에 따라 containerd가 컨테이너를 돌린다. 프로세스에 크래시를 일으키고 재시작 횟수와 이름, 노드를 지켜보자.',
      hints: [
        '파드를 눌러 **컨테이너 크래시**를 고르거나 1을 누르자.',
        '크래시로 끝나는 것은 프로세스이지 파드가 아니다. 파드 삭제는 다른 일이다.',
      ],
    },
  },
  checks: {
    restarted: '재시작 ≥ 1',
    'same-uid': '같은 파드(uid)가 그대로 있다',
    ready: '5초 동안 다시 Ready',
  },
  actions: { crash: '컨테이너 크래시' },
  question: '컨테이너의 프로세스가 코드 1로 끝난다. 무슨 일이 일어날까?',
  options: {
    nothing: {
      label: '멈춘 채로 있다',
      why: '파드가 따로 정하지 않으면 `restartPolicy`는 `Always`이고, kubelet이 그대로 따른다.',
    },
    'same-pod': {
      label: '같은 파드, 재시작 1회',
      why: 'kubelet은 이미 있는 파드 안에서 컨테이너를 새로 시작한다. API 오브젝트는 그대로이고 상태만 바뀐다.',
    },
    'new-pod': {
      label: '이름이 다른 새 파드가 생긴다',
      why: '새 파드는 레플리카셋(ReplicaSet) 같은 컨트롤러가 만든다. 이 파드에는 컨트롤러가 없다.',
    },
    'other-node': {
      label: '다른 노드로 옮겨 간다',
      why: '파드는 한 번 노드에 배정되면 옮겨 가지 않는다.',
    },
  },
  observations: { restarts: '재시작 횟수', created: '새로 생긴 파드', node: '노드', runtime: '컨테이너 런타임' },
};
