import { useEffect, useRef, type ReactNode } from 'react';
import type { CronJob, HorizontalPodAutoscaler } from '../../kube/apis/index.ts';
import { millisOf } from '../../kube/apimachinery/index.ts';
import type { Deed, KubeObject } from '../../protocol/index.ts';
import { detail, sentence } from '../deeds.ts';
import { axisTime, duration } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { stageLabelsEn } from '../stage/labels-en.ts';
import { stageLabelsKo } from '../stage/labels-ko.ts';
import { cronClock } from '../stage/glyphs/cronjob.ts';
import { jobRing } from '../stage/glyphs/job.ts';
import { dial } from '../stage/glyphs/scaler.ts';
import { cronOf, jobOf, runsAfter } from '../stage/scene-jobs.ts';
import { readGates } from '../stage/scene-gates.ts';
import { scalerOf } from '../stage/scene-duties.ts';
import { ownerKinds } from '../stage/scene-owners.ts';
import { Rich } from '../Rich.tsx';
import { objectsIn, sight } from '../sight.ts';
import { selectUid } from '../stores/selection.ts';
import { useSettings } from '../stores/settings.ts';
import { Facet } from './Facet.tsx';
import { MatrixFacet } from './Matrix.tsx';
import { ScalerHistory } from './ScalerHistory.tsx';

interface FacetProps {
  readonly object: KubeObject;
  readonly now: number;
}

const facets: Readonly<Record<string, (props: FacetProps) => ReactNode>> = {
  'horizontalpodautoscalers.autoscaling': ScalerFacet,
  'jobs.batch': JobFacet,
  'cronjobs.batch': CronFacet,
  'ingresses.networking.k8s.io': RulesFacet,
  'poddisruptionbudgets.policy': BudgetFacet,
  'networkpolicies.networking.k8s.io': MatrixFacet,
};

/** What the inspector shows of some kinds only. */
export function KindFacets({ resource, object, now }: FacetProps & { readonly resource: string }): ReactNode {
  const Own = facets[resource];
  return Own ? <Own object={object} now={now} /> : null;
}

/** A drawing of the stage inside a panel. It says nothing that does not stand beside it in words. */
function Drawn({
  width,
  height,
  draw,
}: {
  readonly width: number;
  readonly height: number;
  readonly draw: (g: SVGSVGElement) => void;
}): ReactNode {
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    svg.current!.replaceChildren();
    draw(svg.current!);
  });
  return <svg ref={svg} className="drawn" width={width} height={height} aria-hidden="true" />;
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="chk">
      <span className="muted">{name}</span>
      <span className="val m">{children}</span>
    </div>
  );
}

const figure = (n: number, unit: string): string =>
  Number.isNaN(n) ? '?' : `${Math.round(n * 1000) / 1000}${unit && `\u2009${unit}`}`;

/** What the autoscaler decided up to now, with the figures that it had: pods without a reading are in them. */
function decisionsOf({ metadata, spec }: HorizontalPodAutoscaler, now: number): Deed[] {
  const to = spec?.scaleTargetRef;
  const resource = ownerKinds[to?.kind ?? '']?.resource ?? '';
  const target = objectsIn(resource).get(`${metadata.namespace}/${to?.name}`)?.metadata.uid;
  return sight()
    .history()
    .deeds.filter(
      (d) =>
        d.code.startsWith('hpa.') &&
        d.code !== 'hpa.status' &&
        d.at <= now + 999 &&
        (d.uid === metadata.uid || (target !== undefined && d.uid === target)),
    );
}

/** The arithmetic of an autoscaler, line by line: ⌈2 × 150 / 50⌉ = 6, then the limits. */
function ScalerFacet({ object, now }: FacetProps): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const labels = lang === 'ko' ? stageLabelsKo : stageLabelsEn;
  const s = scalerOf(object);
  const { spec, status } = object as unknown as HorizontalPodAutoscaler;
  const metric = s.metrics[s.deciding];
  const window = spec?.behavior?.scaleDown?.stabilizationWindowSeconds ?? 300;
  const last = millisOf(String(status?.lastScaleTime ?? ''));
  const decisions = decisionsOf(object as unknown as HorizontalPodAutoscaler, now);
  const decision = decisions.at(-1);
  return (
    <Facet title={t('facet.scaler')} aside={labels.scalerReason(s)}>
      <div className="row facet-drawn">
        <Drawn width={124} height={66} draw={(g) => dial(g, 62, 62, 56, metric)} />
        <div className="fill">
          {s.metrics.map((m) => (
            <div key={m.name}>
              <Line name={`${m.name}, ${t('facet.scaler.metric')}`}>{figure(m.current, m.unit)}</Line>
              <Line name={t('facet.scaler.target')}>{figure(m.target, m.unit)}</Line>
            </div>
          ))}
        </div>
      </div>
      {decision ? (
        <p className="prose">
          <Rich text={sentence(t, decision)} />, {axisTime(decision.at)}: <Rich text={detail(t, decision)} />
        </p>
      ) : Number.isNaN(s.wish) ? (
        <p className="muted">{t('facet.scaler.nothing')}</p>
      ) : s.tolerated ? (
        <p>{t('facet.scaler.tolerated', { count: s.current })}</p>
      ) : (
        <Line name={t('facet.scaler.wish')}>
          ⌈{s.current} × {figure(metric!.current, '')} / {figure(metric!.target, '')}⌉ = <b>{s.wish}</b>
        </Line>
      )}
      <ScalerHistory deeds={decisions} now={now} windowMs={window * 1000} />
      <Line name={t('facet.scaler.limits')}>
        {s.min} … {s.max}
      </Line>
      <Line name={t('facet.scaler.window')}>{duration(window * 1000, lang)}</Line>
      <Line name={t('facet.scaler.desired')}>
        <b>{s.desired}</b>
      </Line>
      <Line name={t('facet.scaler.last')}>{Number.isNaN(last) ? t('facet.never') : axisTime(last)}</Line>
    </Facet>
  );
}

function JobFacet({ object }: FacetProps): ReactNode {
  const t = useT();
  const labels = useSettings((s) => s.lang) === 'ko' ? stageLabelsKo : stageLabelsEn;
  const job = jobOf(object);
  return (
    <Facet title={t('facet.job')}>
      <div className="row facet-drawn">
        <Drawn width={68} height={68} draw={(g) => jobRing(g, 34, 34, 32, job)} />
        <div className="fill">
          {labels.jobWords(job).map((words) => (
            <div key={words}>{words}</div>
          ))}
        </div>
      </div>
    </Facet>
  );
}

function CronFacet({ object, now }: FacetProps): ReactNode {
  const t = useT();
  const cron = cronOf(object, now);
  const { spec } = object as unknown as CronJob;
  const next = cron.suspended ? [] : runsAfter(spec?.schedule, spec?.timeZone, now, 3);
  return (
    <Facet title={t('facet.cron')}>
      <div className="row facet-drawn">
        <Drawn width={68} height={68} draw={(g) => cronClock(g, 34, 34, 31, cron, now)} />
        <div className="fill">
          <Line name={t('facet.cron.last')}>
            {Number.isNaN(cron.lastAt) ? t('facet.never') : axisTime(cron.lastAt)}
          </Line>
          <Line name={t('facet.cron.next')}>
            {next.length === 0 ? t('facet.never') : next.map(axisTime).join(' · ')}
          </Line>
        </div>
      </div>
    </Facet>
  );
}

/** The table of a gate: which host and path lead to which Service. */
function RulesFacet({ object }: FacetProps): ReactNode {
  const t = useT();
  const services = [...objectsIn('services').values()].map((s) => ({
    ref: { key: `${s.metadata.namespace}/${s.metadata.name}` },
    uid: s.metadata.uid,
  }));
  const gate = readGates(sight().cluster.objects, () => true, services).find((g) => g.uid === object.metadata.uid);
  if (!gate) return null;
  return (
    <Facet title={t('facet.rules')}>
      <table className="fields">
        <thead>
          <tr>
            <th>{t('facet.rules.host')}</th>
            <th>{t('facet.rules.path')}</th>
            <th>{t('facet.rules.service')}</th>
          </tr>
        </thead>
        <tbody>
          {gate.rules.map((rule) => (
            <tr key={`${rule.host} ${rule.path}`}>
              <td className="m">{rule.host}</td>
              <td className="m">{rule.path}</td>
              <td className="m">
                {rule.uid ? (
                  <button type="button" className="link-btn m" onClick={() => selectUid(rule.uid, sight().side)}>
                    {rule.service}
                  </button>
                ) : (
                  <span className="bad">
                    ✕ {rule.service} <span className="voice">({t('facet.rules.missing')})</span>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Facet>
  );
}

function BudgetFacet({ object }: FacetProps): ReactNode {
  const t = useT();
  const status = (object['status'] ?? {}) as Record<string, number | undefined>;
  return (
    <Facet title={t('facet.budget')}>
      <Line name={t('facet.budget.healthy')}>{status['currentHealthy'] ?? 0}</Line>
      <Line name={t('facet.budget.wanted')}>{status['desiredHealthy'] ?? 0}</Line>
      <Line name={t('facet.budget.allowed')}>
        <b>{status['disruptionsAllowed'] ?? 0}</b>
      </Line>
    </Facet>
  );
}
