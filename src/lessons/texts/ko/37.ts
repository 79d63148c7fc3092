import type { LessonTexts } from '../../lesson.ts';
import type { lesson37 } from '../../list/37.ts';

/** 한국어로 쓴 37. */
export const text37: LessonTexts<typeof lesson37> = {
  title: '잡은 지금 실행된다',
  goal: '잡(Job)을 시작부터 정리까지 따라간다.',
  note: '잡은 일정한 시간에 수행되고, 끝나면 파드가 제거된다.',
  verdict:
    '두 군데가 틀리다. 잡은 바로 시작한다(시계는 크론잡이다. 시나리오 38). 그리고 끝난 파드는 로그를 읽을 수 있도록 Completed로 **남는다**. 직접 지우거나 `ttlSecondsAfterFinished`가 잡을 지울 때까지다.',
  steps: {
    run: {
      body: '일감 여섯 개를 두 개씩 처리하는 잡이다. 하나에 8초쯤 걸린다. 적용하고 고리가 차는 것을 본 다음, 끝나고 30초를 더 기다려 보자.',
      hints: [
        'Ctrl+Enter로 적용하자. 매니페스트 어디에도 시각은 없다.',
        '`completions`는 성공해야 할 개수, `parallelism`은 동시에 일할 수 있는 개수다.',
      ],
    },
    flaky: {
      body: '이 일은 두 번 실패한 뒤에 성공한다. 잡이 참아 줄 실패 횟수 `backoffLimit`를 채워 끝까지 가게 하자.',
      hints: [
        '2보다 작으면 너무 일찍 끝난다.',
        '다시 시도할 때마다 새 파드가 생긴다. 10초 뒤, 그다음은 20초 뒤다. 실패한 파드도 남는다.',
      ],
    },
    ttl: {
      body: '`work`의 끝난 파드 여섯 개가 아직 있다. 손으로 지우지 말고 쿠버네티스가 스스로 정리하게 하자. 잡에 `ttlSecondsAfterFinished`를 주자.',
      hints: [
        '1을 누르거나 터미널에서 잡을 patch하자.',
        'TTL 컨트롤러가 잡을 지운다. 잡이 소유한 파드도 뒤따라 지워진다.',
      ],
    },
  },
  checks: {
    succeeded: '성공 = 6',
    two: '동시에 최대 = 2',
    kept: '끝난 파드 6개, 30초 뒤에도 있음',
    complete: '잡 flaky 완료',
    failed: 'flaky의 실패한 파드 = 2',
    'by-ttl': 'TTL 컨트롤러가 삭제',
    'job-gone': '잡 work = 0',
    'pods-gone': '그 파드 = 0',
  },
  actions: { ttl: 'TTL 30초로 설정' },
  question: '잡이 끝나고 30초 뒤, 파드 여섯 개는 어떻게 되어 있을까?',
  options: {
    removed: { label: '제거되었다', why: 'TTL을 정하지 않으면 저절로 제거하는 것은 없다.' },
    kept: { label: 'Completed로 남아 있다', why: 'CPU는 더 쓰지 않고 로그는 읽을 수 있다.' },
    restarted: {
      label: '다시 시작되었다',
      why: '잡의 `restartPolicy`는 `Never`나 `OnFailure`다. 어느 쪽이든 종료 코드 0이면 끝이다.',
    },
    last: { label: '마지막 하나만 남았다', why: '이력 제한은 크론잡(CronJob)에 있고, 파드가 아니라 잡을 센다.' },
  },
  observations: { succeeded: '끝난 파드', most: '동시에 최대', seconds: '완료까지(초)' },
};
