import type { StageLabels } from './contract.ts';
import { desiredWord } from './scene-duties.ts';

const duration = (s: number): string => {
  const whole = Math.max(0, Math.round(s));
  return whole < 60 ? `${whole}초` : `${Math.floor(whole / 60)}분 ${String(whole % 60).padStart(2, '0')}초`;
};
const clock = (s: number): string =>
  `${Math.floor(s / 60)}:${String(Math.max(0, Math.floor(s)) % 60).padStart(2, '0')}`;
const number = (n: number): string => n.toLocaleString('ko');

const isolated = { '': '', in: ', 인그레스 격리', out: ', 이그레스 격리', both: ', 양방향 격리' } as const;
const figure = (n: number, unit: string): string =>
  Number.isNaN(n) ? '알 수 없음' : `${Math.round(n * 100) / 100}${unit && ` ${unit}`}`;

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
  dotIs: (n) => `점 1개 = 요청 ${n}건`,
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
  disrupted: { preempted: '선점됨', evicted: '축출됨' },
  suspended: '일시 중지됨',
  nextRun: (s) => `${duration(s)} 뒤 실행`,
  runsActive: (n, skipped) =>
    (n === 0 ? '지금 실행 없음' : `지금 실행 ${n}개`) + (skipped > 0 ? `, ${skipped}번 시작 못 함` : ''),
  jobWords: (j) => [
    j.completions === undefined ? `성공 ${j.succeeded}` : `성공 ${j.succeeded}/${j.completions}`,
    j.suspended && j.end === '' ? '일시 중지됨' : `실행 중 ${j.active}/${j.parallelism}`,
    `실패 ${j.failed}, 한도 ${j.backoffLimit}`,
  ],
  scalerReason: (s) => {
    const words: Readonly<Record<string, string>> = {
      TooManyReplicas: `최대 ${s.max}에서 멈춤`,
      TooFewReplicas: `최소 ${s.min}에서 멈춤`,
      ScaleDownStabilized: '안정화 대기',
      ScaleUpStabilized: '안정화 대기',
      ScaleUpLimit: '단계 한도',
      ScaleDownLimit: '단계 한도',
      SucceededRescale: `${s.desired}개로 조정`,
      ScalingDisabled: '꺼짐: 레플리카 0',
      FailedGetResourceMetric: '메트릭 없음',
      FailedGetScale: '대상 없음',
    };
    return words[s.reason] ?? (s.reason || (s.tolerated ? '±10\u2009% 이내' : `최소 ${s.min}, 최대 ${s.max}`));
  },
  mayGo: (n) => (n === 0 ? '축출 불가' : `${n}개 축출 가능`),
  gateUnserved: '처리하는 곳 없음',
  scalerSentence: (s) =>
    `${s.name} Horizontal Pod Autoscaler` +
    s.metrics.map((m) => `, ${m.name} ${figure(m.current, m.unit)}, 목표 ${figure(m.target, m.unit)}`).join('') +
    (Number.isNaN(s.wish) ? '' : `, ${s.current}개에서 ${s.wish}개 요구`) +
    `, desired ${desiredWord(s)}, 최소 ${s.min}, 최대 ${s.max}` +
    (s.reason ? `, ${s.reason}` : ''),
  budgetSentence: (b) =>
    `${b.name} PodDisruptionBudget, ${b.setting}, 정상 ${b.healthy}, 최소 ${b.wanted}, ` +
    (b.allowed === 0 ? '축출 불가' : `${b.allowed}개 축출 가능`),
  gateSentence: (g) =>
    `${g.name} 인그레스${g.served ? '' : ', 처리하는 컨트롤러 없음'}, ` +
    g.rules.map((r) => `${r.host}${r.path} → ${r.service}${r.uid ? '' : ' (없음)'}`).join(', '),
  claimSentence: (c) =>
    `${c.name} 퍼시스턴트볼륨클레임, ${c.size} ${c.modes}, ${c.phase}` +
    (c.volume ? `, 볼륨 ${c.volume}` : '') +
    `, 파드 ${c.pods.size}개가 마운트`,
  policySentence: (p) =>
    `${p.name} 네트워크폴리시, 파드 ${p.pods}개 격리: ` +
    [p.ingress && '인그레스', p.egress && '이그레스'].filter(Boolean).join(', '),
  message: (verb, what) => `${verb} → ${what}`,
  podSentence: (p) =>
    `${p.name} 파드, ${p.node ? `노드 ${p.node}` : p.nominated ? `${p.nominated} 노드에 자리를 만드는 중` : '노드 미정'}, ${p.isReady ? 'Ready' : p.status}` +
    (p.lastKnown ? ', 마지막으로 알려진 상태' : '') +
    `, 재시작 ${p.restarts}회` +
    (p.graceSeconds === undefined ? '' : `, 유예 기간 ${p.graceSeconds}초 남음`) +
    (p.retrySeconds === undefined ? '' : `, ${p.retrySeconds}초 뒤 다시 시도`) +
    (p.isReady ? '' : `, 준비된 컨테이너 ${p.ready}`) +
    (p.phase === p.status ? '' : `, 단계 ${p.phase}`) +
    isolated[p.isolated] +
    (p.disrupted && `, ${stageLabelsKo.disrupted[p.disrupted]}`) +
    (p.priority === 0 ? '' : `, 우선순위 ${p.priority}`),
  nodeSentence: (n) =>
    `${n.name} 노드, ${n.ready === 'True' ? 'Ready' : 'NotReady'}` +
    (n.silentSeconds === undefined ? '' : `, 하트비트 없음 ${duration(n.silentSeconds)}`) +
    (n.cordoned ? ', 스케줄링 차단됨' : '') +
    `, 파드 ${n.pods}개, CPU 요청 ${n.cpuRequestedPercent} %, 메모리 요청 ${n.memoryRequestedPercent} %`,
  groupSentence: (g) => {
    if (g.job) return `${g.name} 잡, ${stageLabelsKo.jobWords(g.job).join(', ')}${g.job.end && `, ${g.job.end}`}`;
    if (g.cron)
      return (
        `${g.name} 크론잡, 일정 ${g.cron.schedule}, ` +
        (g.cron.suspended ? '일시 중지됨' : stageLabelsKo.nextRun(g.nextSeconds ?? 0)) +
        `, ${stageLabelsKo.runsActive(g.cron.active, g.cron.skipped)}`
      );
    return (
      `${g.name} ${g.kind}, ${g.desired}개 중 ${g.available}개 사용 가능, 전체 ${g.total}개` +
      (g.min === undefined ? '' : `, 최소 ${g.min}`) +
      (g.max === undefined ? '' : `, 최대 ${g.max}`)
    );
  },
  columnSentence: (kind, name, desired, current, ready) =>
    `${name} ${kind}, desired ${desired}, current ${current}, ready ${ready}`,
  serviceSentence: (s) =>
    `${s.name} 서비스, ${s.type} ${s.address} ${s.ports}, 엔드포인트 ${s.endpoints}개` +
    (s.notReady ? `, 준비 안 됨 ${s.notReady}개` : ''),
  processSentence: (name, stopped) => `${name}, ${stopped ? '정지됨' : '실행 중'}`,
  requestSentence: (target, ok, status, ms) =>
    `${target} 요청, ${ok ? '성공' : '실패'}${status ? `, 상태 ${status}` : ''}, ${ms} ms`,
};
