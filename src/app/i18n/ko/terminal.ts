import type { terminal } from '../en/terminal.ts';
import type { Translated } from '../messages.ts';

/** 터미널의 글. kubectl의 출력은 어느 언어에서나 영어다. */
export const terminalKo: Translated<typeof terminal> = {
  'terminal.label': '터미널',
  'terminal.close': '터미널 닫기',
  'terminal.leave': 'Esc: 나가기',
};
