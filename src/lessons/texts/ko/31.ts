import type { LessonTexts } from '../../lesson.ts';
import type { lesson31 } from '../../list/31.ts';

/** 한국어로 쓴 31. */
export const text31: LessonTexts<typeof lesson31> = {
  title: '선택되는 순간 격리된다',
  goal: '누가 들어와도 되는지 목록을 쓴다.',
  note: '기본은 모두 막혀 있고, 원하는 요청은 이그레스 설정으로 허용한다.',
  verdict:
    '거꾸로다. 파드는 어떤 정책이 선택할 때만 격리된다. 그러면 그 파드를 선택한 정책들이 **더해진다**. 하나라도 허용하면 허용이다. 거부 규칙도 순서도 없다. 들어와도 되는 쪽은 `ingress`에 적는다. `egress`는 그 파드가 내보내는 것에 대한 것이다.',
  steps: {
    deny: {
      body: '데이터베이스가 누구에게나 답한다. 매니페스트는 데이터베이스를 선택하고 `ingress`에는 아무도 적지 않는다. 적용하고 검사의 **누가 누구에게 연결할 수 있나** 표를 읽자. db 열은 닫히고, 어떤 정책도 선택하지 않은 web 열은 그대로 열려 있다.',
      hints: [
        'Ctrl+Enter로 매니페스트를 그대로 적용하자. 누가 닫히는지는 7행 `app: db`에 있다.',
        '정책 하나가 선택하기만 해도, 이름이 적히지 않은 모두에게 닫힌다.',
      ],
    },
    allow: {
      body: '이제 첫 정책 옆에 두 번째 정책을 두어 web만 들어오게 하자. 빈칸을 채우고 적용하자.',
      hints: [
        '`from` 아래 12행을 보자. 빈칸은 들어와도 되는 쪽의 레이블이다.',
        '`from`은 보내는 쪽이다. 받는 쪽은 그 위의 `podSelector`가 고른다.',
      ],
    },
    backup: {
      body: '`ops` 팀 네임스페이스의 `backup` 작업도 들어와야 하고 그 밖에는 안 된다. 이 매니페스트는 너무 많이 들여보낸다. 적용해서 살펴본 다음 고치자.',
      hints: [
        '줄표로 시작하는 13행을 보자. `from` 아래의 줄표를 세어 보자.',
        '목록의 항목끼리는 **또는**이다. 한 항목 안의 두 셀렉터는 **그리고**다.',
      ],
    },
  },
  checks: {
    'web-denied': '10초 동안 web → db 거부',
    'client-denied': '클라이언트 → db 거부',
    'users-allowed': '사용자 → web 허용',
    'web-db': '3초 동안 web → db 허용',
    'client-db': '클라이언트 → db 거부',
    'users-web': '사용자 → web 허용',
    'both-there': '네트워크폴리시 = 2',
    'backup-in': '3초 동안 ops의 backup → db 허용',
    'visitor-out': 'ops의 visitor → db 거부',
    'namesake-out': 'default의 backup → db 거부',
    'client-out': '클라이언트 → db 거부',
  },
  actions: {},
  question: '아무도 허용하지 않는 정책과 web을 허용하는 정책이 같은 파드에 있다. 어떻게 될까?',
  options: {
    'deny-wins': {
      label: '거부가 이긴다',
      why: '이길 거부가 없다. 첫 정책은 아무것도 허용하지 않을 뿐이고, 그것은 금지가 아니다.',
    },
    union: {
      label: '더해진다: web은 되고 나머지는 안 된다',
      why: '그 파드를 선택한 정책 가운데 하나라도 허용하면 패킷이 지나간다.',
    },
    'newest-wins': {
      label: '가장 새것만 유효하다',
      why: '정책에는 시간으로도 이름으로도 순서가 없다. 클라이언트는 여전히 못 들어온다.',
    },
  },
  observations: { web: 'web → db:5432', client: '클라이언트 → db:5432', policies: '네트워크폴리시' },
};
