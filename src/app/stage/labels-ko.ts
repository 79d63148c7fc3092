import type { StageLabels } from './contract.ts';

const duration = (s: number): string => {
  const whole = Math.max(0, Math.round(s));
  return whole < 60 ? `${whole}초` : `${Math.floor(whole / 60)}분 ${String(whole % 60).padStart(2, '0')}초`;
};
const clock = (s: number): string =>
  `${Math.floor(s / 60)}:${String(Math.max(0, Math.floor(s)) % 60).padStart(2, '0')}`;
const number = (n: number): string => n.toLocaleString('ko');

/** Korean words of the stage. Status words, kinds and fields printed by kubectl stay English. */
export const stageLabelsKo: StageLabels = {
  stage: '클러스터 무대',
  controlPlane: '컨트롤 플레인',
  etcd: 'etcd',
  apiServer: 'API 서버',
  scheduler: '스케줄러',
  controllerManager: '컨트롤러 매니저',
  controllers: '컨트롤러',
  stopped: '정지됨',
  users: '사용자',
  available: '사용 가능',
  total: '전체',
  min: (n) => `최소 ${n}`,
  max: (n) => `최대 ${n}`,
  desired: (n) => `의도한 수 ${n}`,
  surge: (setting, product, n) => `maxSurge ${setting} → 올림 ⌈${product}⌉ = ${n}`,
  unavailable: (setting, product, n) => `maxUnavailable ${setting} → 내림 ⌊${product}⌋ = ${n}`,
  someAvailable: (n, of) => `${of}개 중 ${n}개`,
  endpoints: (n) => `엔드포인트 ${number(n)}`,
  noReplicaSet: '레플리카셋 아직 없음',
  noneYet: '아직 없음',
  barePods: '소유자 없음',
  lastKnown: '마지막 상태',
  tolerates: '톨러레이션',
  nextTry: '다음 시도',
  inSeconds: (s) => `${duration(s)} 뒤`,
  noHeartbeat: (s) => `하트비트 없음 ${duration(s)}`,
  cordoned: '차단됨',
  evictsIn: (s) => `${clock(s)} 뒤 축출`,
  dotIs: (n) => `점 1개 = ${n} req`,
  perSecond: (n) => `${number(n)} req/s`,
  workloads: (n) => `워크로드 ${number(n)}개`,
  pageOf: (from, to, all) => `${all}개 중 ${from}–${to}`,
  nextPage: '다음 워크로드',
  previousPage: '이전 워크로드',
  more: (n) => `+${n}`,
  zone: (name) => `${name} 존`,
  emptyTitle: '아직 실행 중인 것이 없다',
  emptyHint: '매니페스트를 적용해 시작하자',
  noNodes: '아직 참여한 노드가 없다',
  message: (verb, what) => `${verb} → ${what}`,
  podSentence: (p) =>
    `${p.name} 파드, ${p.node ? `노드 ${p.node}` : '노드 미정'}, ${p.isReady ? 'Ready' : p.status}` +
    (p.lastKnown ? ', 마지막으로 알려진 상태' : '') +
    `, 재시작 ${p.restarts}회` +
    (p.graceSeconds === undefined ? '' : `, 유예 기간 ${p.graceSeconds}초 남음`) +
    (p.retrySeconds === undefined ? '' : `, ${p.retrySeconds}초 뒤 다시 시도`) +
    (p.isReady ? '' : `, 준비된 컨테이너 ${p.ready}`) +
    (p.phase === p.status ? '' : `, 단계 ${p.phase}`),
  nodeSentence: (n) =>
    `${n.name} 노드, ${n.ready === 'True' ? 'Ready' : 'NotReady'}` +
    (n.silentSeconds === undefined ? '' : `, 하트비트 없음 ${duration(n.silentSeconds)}`) +
    (n.cordoned ? ', 스케줄링 차단됨' : '') +
    `, 파드 ${n.pods}개, CPU 요청 ${n.cpuRequestedPercent} %, 메모리 요청 ${n.memoryRequestedPercent} %`,
  groupSentence: (g) =>
    `${g.name} ${g.kind}, ${g.desired}개 중 ${g.available}개 사용 가능, 전체 ${g.total}개` +
    (g.min === undefined ? '' : `, 최소 ${g.min}`) +
    (g.max === undefined ? '' : `, 최대 ${g.max}`),
  columnSentence: (kind, name, desired, current, ready) =>
    `${name} ${kind}, desired ${desired}, current ${current}, ready ${ready}`,
  serviceSentence: (s) =>
    `${s.name} 서비스, ${s.type} ${s.address} ${s.ports}, 엔드포인트 ${s.endpoints}개` +
    (s.notReady ? `, 준비 안 됨 ${s.notReady}개` : ''),
  processSentence: (name, stopped) => `${name}, ${stopped ? '정지됨' : '실행 중'}`,
  requestSentence: (target, ok, status, ms) =>
    `${target} 요청, ${ok ? '성공' : '실패'}${status ? `, 상태 ${status}` : ''}, ${ms} ms`,
};
