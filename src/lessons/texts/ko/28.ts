import type { LessonTexts } from '../../lesson.ts';
import type { lesson28 } from '../../list/28.ts';

/** 한국어로 쓴 28. */
export const text28: LessonTexts<typeof lesson28> = {
  title: '인그레스에는 컨트롤러가 필요하다',
  goal: '규칙과 규칙을 실행하는 쪽을 구분한다.',
  note: '인그레스는 외부 요청을 어느 서비스로 보낼지 정하는 프록시다.',
  verdict:
    '생각은 맞지만 인그레스 오브젝트는 HTTP와 HTTPS 규칙을 담고 있을 뿐이다. 프록시는 따로 설치하는 **인그레스 컨트롤러**이고 자기 파드와 서비스를 가진다. 이 API는 더 바뀌지 않는다. 새로 만든다면 게이트웨이 API를 권하며, ingress-nginx는 2026년 3월에 끝났다.',
  steps: {
    rules: {
      body: '애플리케이션 두 개, 서비스 두 개. 사용자가 `shop.example/`과 `shop.example/api`를 찾지만 소용없다. 매니페스트는 규칙이 하나씩 든 인그레스(Ingress)다. 적용하고 잠시 기다리자.',
      hints: [
        'Ctrl+Enter로 적용하고 15초를 보내자.',
        '인그레스의 주소를 보자. 그리고 이 규칙을 읽을 만한 프로세스가 있는지 찾아보자.',
      ],
    },
    controller: {
      body: '이제 컨트롤러를 설치한다. 클래스, LoadBalancer 타입 서비스, 디플로이먼트(Deployment)다. 적용하고 주소가 나타나는 것을 보자. 두 사용자 가운데 누가 서비스를 받을까?',
      hints: [
        'Ctrl+Enter로 적용하자. 이미지가 커서 30초쯤 걸린다.',
        '인그레스의 클래스와 컨트롤러의 클래스가 `nginx`로 같아야 한다.',
      ],
    },
    api: {
      body: '규칙 하나는 아직 갈 곳이 없다. 매니페스트에서 잘못을 찾아 고치고 적용하자.',
      hints: [
        '서비스의 이름과 규칙에 적힌 이름을 비교해 보자.',
        '없는 백엔드를 적어도 API 서버에게는 오류가 아니다. 프록시가 503으로 답한다.',
      ],
    },
  },
  checks: {
    'no-address': '15초 동안 주소 없는 인그레스',
    nobody: '/ 성공률 = 0 %',
    address: '인그레스에 주소가 있다',
    shop: '5초 동안 / 성공률 ≥ 99 %',
    'api-fails': '5초 동안 /api 성공률 = 0 %',
    api: '5초 동안 /api 성공률 ≥ 99 %',
    'shop-still': '5초 동안 / 성공률 ≥ 99 %',
  },
  actions: {},
  question: '이 클러스터에 인그레스 오브젝트만 있다면 사용자는 무엇을 받을까?',
  options: {
    routes: {
      label: '맞는 애플리케이션',
      why: '오브젝트는 길을 찾아 주지 않는다. 누군가 주소에서 듣고 규칙을 읽어야 한다.',
    },
    'not-found': { label: '404', why: '404도 대답이다. 대답해 줄 누군가가 없다.' },
    nothing: { label: '아무 대답도 없다', why: '주소를 적어 준 컨트롤러가 없어서 이름조차 풀리지 않는다.' },
  },
  observations: { success: '/ 성공률, %', address: '주소', pods: '컨트롤러 파드' },
};
