import type { LessonTexts } from '../../lesson.ts';
import type { lesson38 } from '../../list/38.ts';

/** 한국어로 쓴 38. */
export const text38: LessonTexts<typeof lesson38> = {
  title: '정해진 시간은 크론잡',
  goal: '한 번의 실행이 간격보다 길 때 무슨 일이 일어나는지 예측한다.',
  note: '잡은 일정한 시간에 수행된다.',
  verdict:
    '그것은 크론잡이다. 정해진 시각마다 잡을 하나씩 만든다. `Forbid`이면 앞의 잡이 아직 일하는 시각은 넘어간다. 자리가 나는 대로 늦게라도 시작할 수 있지만, `startingDeadlineSeconds`보다 늦으면 그만둔다.',
  steps: {
    forbid: {
      body: '5분마다 보고서를 만드는데 하나에 **7분**이 걸린다. 겹치는 것은 금지되고, 시작은 60초까지만 늦을 수 있다. 적용하고 클러스터 시간으로 20분을 보내자.',
      hints: [
        'Ctrl+Enter로 적용하고 ×600으로 재생하자.',
        '5, 10, 15, 20분을 적어 보자. 그 가운데 아직 보고서를 쓰고 있는 때는 언제일까?',
      ],
    },
    'no-deadline': {
      body: '매니페스트에서 기한을 지우고 적용한 다음 다시 20분을 보내자.',
      hints: [
        '`startingDeadlineSeconds` 줄을 지운다. `Forbid`는 그대로 둔다.',
        '이제 놓친 시작은 아무리 늦어도 앞의 잡이 끝나자마자 채워진다.',
      ],
    },
  },
  checks: {
    twenty: 'Forbid와 60초로 20분',
    two: '시작한 잡 = 2',
    'twenty-more': '기한 없이 Forbid로 20분',
    three: '시작한 잡 = 3',
  },
  actions: {},
  question: '20분 동안 잡(Job)은 몇 개 시작될까?',
  options: {
    four: {
      label: '4개: 5, 10, 15, 20분',
      why: '10분과 20분에는 앞의 잡이 아직 실행 중이었고 `Forbid`는 두 번째를 허용하지 않는다.',
    },
    two: { label: '2개', why: '5분과 15분이다. 10분과 20분의 시작은 60초 안에 채울 수 없었다.' },
    one: { label: '1개: 나머지는 건너뛴다', why: '첫 잡은 12분에 끝난다. 15분에는 다시 자리가 있다.' },
    eight: {
      label: '8개: 지금 하나, 그 뒤로 계속',
      why: '크론잡(CronJob)은 만들어질 때 시작하지 않는다. 시각이 되기를 기다린다.',
    },
  },
  observations: { jobs: '시작한 잡', skipped: '일단 넘어간 시작', late: '늦은 시작' },
};
