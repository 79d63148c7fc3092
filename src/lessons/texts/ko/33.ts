import type { LessonTexts } from '../../lesson.ts';
import type { lesson33 } from '../../list/33.ts';

/** 한국어로 쓴 33. */
export const text33: LessonTexts<typeof lesson33> = {
  title: '한 번 복사, 계속 동기화',
  goal: '컨테이너로 들어가는 두 길 가운데 어느 쪽이 새로워지는지 안다.',
  note: '환경 변수를 바인딩하고, `spec.spec.volumes`에 컨피그맵을 쓴다.',
  verdict:
    '두 길 모두 있다. 다만 경로는 `spec.template.spec.volumes`이고 컨테이너에 `volumeMounts`도 있어야 한다. 환경 변수는 컨테이너가 시작할 때 복사되고 바뀌지 않는다. 마운트한 파일은 1분 30초 안에 컨피그맵을 따라간다. `subPath`만 예외다.',
  steps: {
    change: {
      body: '파드 하나, 컨테이너 둘, 컨피그맵(ConfigMap) 하나(`color: green`). 하나는 환경 변수로, 하나는 파일로 읽는다. **blue**가 보여야 준비된다. 값을 바꿔 적용하고 2분을 기다리자.',
      hints: [
        '빈칸은 새 색이다.',
        'kubelet은 다음에 그 파드를 돌볼 때 파일을 새로 쓴다. 실행 중인 프로세스의 환경은 아무도 고칠 수 없다.',
      ],
    },
    restart: {
      body: '컨테이너 하나는 아직 green을 본다. 매니페스트를 고치지 말고 터미널에서 새로 시작하게 하자.',
      hints: ['`kubectl rollout`에 그런 동사가 있다.', '새 컨테이너는 시작하는 순간의 값을 복사한다.'],
    },
  },
  checks: {
    changed: '120초 동안 color = blue',
    'file-new': '90초 안에 파일이 blue',
    'env-old': '환경 변수는 blue가 아님',
    'same-pod': '같은 파드',
    'env-new': '환경 변수가 blue',
    'file-too': '파일이 blue',
  },
  actions: {},
  question: '재시작 없이 바꾸고 2분 뒤, blue를 보는 것은?',
  options: {
    both: { label: '둘 다', why: '프로세스의 환경은 시작할 때 정해진다.' },
    file: { label: '파일만, 조금 뒤에', why: 'kubelet이 파드를 돌보면서 마운트한 컨피그맵을 새로 고친다.' },
    env: { label: '환경 변수만, 바로', why: '반대다. 환경 변수는 복사본이다.' },
    none: { label: '둘 다 아니다', why: '마운트한 볼륨은 컨피그맵과 계속 동기화된다.' },
  },
  observations: { 'file-after': '파일이 blue가 되기까지(초)', env: '환경 변수 blue', restarts: '재시작 횟수' },
};
