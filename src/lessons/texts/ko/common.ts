import type { CommonTexts } from '../../lesson.ts';

/** 시나리오가 함께 쓰는 말. */
export const common: CommonTexts = {
  chapters: {
    A: '왜 오케스트레이터인가',
    B: '파드와 레플리카셋',
    C: '디플로이먼트',
    D: '상태와 장애',
    E: '서비스와 트래픽',
    F: '네트워크 정책',
    G: '구성',
    H: '배치와 스케일링',
  },
  values: { allow: '허용', deny: '거부', mixed: '일부', true: '예', false: '아니요' },
};
