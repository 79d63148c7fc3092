import type { LessonTexts } from '../../lesson.ts';
import type { lesson24 } from '../../list/24.ts';

/** 한국어로 쓴 24. */
export const text24: LessonTexts<typeof lesson24> = {
  title: '서비스는 관리자가 아니다',
  goal: '라우팅과 소유를 구분한다.',
  note: '서비스는 파드를 관리하는 논리 집단으로 로드밸런싱과 라우팅을 한다. 레플리카셋이 파드의 생명을 관리하고 서비스가 할당한다.',
  verdict:
    '묶고 길을 찾아 주지만 관리하는 것은 없다. 서비스는 셀렉터와 가상 IP, 주소 목록이다. 서비스가 없어져도 파드는 그대로 실행된다. 그 이름으로 찾을 수 없게 될 뿐이다.',
  steps: {
    fix: {
      body: '파드 세 개가 Ready인데 `web`으로 가는 요청은 모두 실패한다. 서비스에 엔드포인트가 없다. 셀렉터와 파드의 레이블을 비교해 고치고 적용하자. 파드는 건드리지 말자.',
      hints: [
        '두 번째 문서의 셀렉터를 한 글자씩 읽어 보자.',
        '아무것도 고르지 못하는 셀렉터는 오류가 아니다. 주소 목록이 비어 있을 뿐이다.',
      ],
    },
    delete: {
      body: '요청이 도착한다. 이제 서비스를 삭제하고 사용자와 파드를 함께 지켜보자.',
      hints: [
        '1을 누르거나 `kubectl delete service web`을 실행하자.',
        '파드의 소유자를 보자. 그 가운데 서비스가 있을까?',
      ],
    },
  },
  checks: {
    endpoints: '엔드포인트 = 3',
    served: '5초 동안 성공률 ≥ 99 %',
    'same-pods': '같은 파드 3개, Ready',
    'no-service': '10초 동안 서비스 없음',
    failing: '성공률 = 0 %',
    'pods-stay': '같은 파드 3개, Ready',
  },
  actions: { delete: '서비스 삭제' },
  question: '서비스를 삭제하면 파드는 어떻게 될까?',
  options: {
    deletes: {
      label: '삭제된다',
      why: '서비스는 파드를 소유하지 않는다. 서비스가 소유하는 엔드포인트슬라이스(EndpointSlice)만 함께 사라진다.',
    },
    restarts: {
      label: '재시작된다',
      why: '재시작은 kubelet이 한다. 컨테이너가 끝나거나 활성 프로브에 실패했을 때의 일이다.',
    },
    replaces: { label: '교체된다', why: '교체는 레플리카셋(ReplicaSet)의 일이고, 레플리카셋은 여전히 세 개를 센다.' },
    nothing: { label: '아무 일도 없다', why: '셀렉터는 바라볼 뿐이다. 바라보이는 쪽은 알지 못한다.' },
  },
  observations: {
    kept: '그대로 Ready인 파드',
    restarts: '재시작 횟수',
    failed: '실패한 요청',
    deleted: '삭제된 서비스',
  },
};
