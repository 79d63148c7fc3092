import type { terminal } from '../en/terminal.ts';
import type { Translated } from '../messages.ts';

/** 터미널의 글. kubectl의 출력은 어느 언어에서나 영어다. */
export const terminalKo: Translated<typeof terminal> = {
  'terminal.label': '터미널',
  'terminal.close': '터미널 닫기',
  'terminal.resize': '터미널 높이',
  'terminal.keys': 'Tab 완성 · Ctrl C 중단 · Esc 나가기',
  'terminal.input': 'kubectl 프롬프트. Tab은 완성하고, 빈 줄에서는 다음으로 옮긴다. Esc는 나간다',
  'terminal.waits': '시간이 멈춰 있다. 시간이 흐르면 이 줄이 이어진다.',
  'terminal.past': '과거: 읽기는 아무것도 바꾸지 않고, 쓰기는 다른 갈래를 시작한다',
  'terminal.forked': '이 순간은 과거다. 여기서 하는 일은 다른 갈래를 시작한다.',
  'terminal.lost': '이 갈래의 이 순간에는 그 줄이 아직 시작되지 않았다.',
  'terminal.verb': 'kubectl의 동사다: {{line}}',
  'terminal.watch': 'watch: 여기서는 읽기만 하는 줄을 지켜볼 수 있다',
  'terminal.editing': '편집기에 열려 있다: {{name}}. 편집기에서 적용하거나, 여기서 Ctrl+C로 그만둔다.',
  'terminal.help':
    'kubectl(또는 k)과 그 동사들. clear, history, ls, cat manifest.yaml, echo, watch. 파이프: grep, head, tail, sort, uniq, wc.\nTab은 완성하고, 두 번째 Tab은 후보를 보인다. ↑와 Ctrl+R은 앞의 줄을 찾는다. Ctrl+C는 기다리는 줄을 끝낸다.\n출력의 이름은 링크다. 누르면 어디서나 선택된다.',
  'terminal.too-long': '터미널에 붙여 넣기에는 너무 길다. 편집기에 넣는다.',
  'terminal.try': 'kubectl get pods로 파드를 본다. help는 그 밖의 것을 알려 준다.',
  'terminal.send': '터미널로',
  'terminal.cancel': '취소',
  'forward.label': '브라우저: {{pod}}의 포트',
  'forward.address': '주소',
  'forward.reload': '새로 고침',
  'forward.hint': '새로 고침은 포워딩된 포트로 요청을 보낸다.',
  'forward.waiting': '응답을 기다린다.',
  'forward.still': '시간이 멈춰 있다. 시간이 흐르면 응답이 온다.',
  'forward.astray': '그 주소에서는 아무것도 듣고 있지 않다. 포워딩된 주소: {{ports}}',
  'forward.failed': '응답이 없다: {{error}}',
  'forward.headers': '헤더 ({{count}})',
  'forward.body': '응답 본문',
  'keys.terminal': '터미널 열기/닫기',
};
