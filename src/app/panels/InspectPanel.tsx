import { useMemo, type ReactNode } from 'react';
import { kindOf, type KubeEvent } from '../../kube/apis/index.ts';
import { storedOnlyFields } from '../../kube/apis/stored-only.ts';
import { millisOf } from '../../kube/apimachinery/meta.ts';
import type { KubeObject } from '../../protocol/index.ts';
import { Glyph } from '../Glyph.tsx';
import { useThrottled } from '../hooks.ts';
import { useLesson } from '../lessons/store.ts';
import { axisTime, duration } from '../i18n/format.ts';
import { useT, type Translate } from '../i18n/index.ts';
import { openMenuForSelection } from '../menu-anchor.ts';
import { conditionLook, fieldPairs, summaryOf, type Summary } from '../objects/summary.ts';
import { Rich, safeValues } from '../Rich.tsx';
import { objectsIn, sight } from '../sight.ts';
import { relatedTo, useClusterVersion, type Located } from '../stores/cluster.ts';
import { select, useSelection } from '../stores/selection.ts';
import { useSettings } from '../stores/settings.ts';
import { useTimeline } from '../stores/timeline.ts';
import { openTab } from '../stores/workspace.ts';
import { Containers } from './Containers.tsx';
import { LiveYaml } from './LiveYaml.tsx';
import { ClusterFacets } from './ClusterFacets.tsx';
import { Facet } from './Facet.tsx';
import { KindFacets } from './KindFacets.tsx';

const followMs = 200;

/** One object, turned over: what was asked, what is, who owns it, what it said. */
export function InspectPanel(): ReactNode {
  const t = useT();
  const selected = useSelection((s) => s.selected);
  const version = useThrottled(useClusterVersion() + useLesson((s) => s.twinVersion), followMs);
  const second = useTimeline((s) => Math.floor(s.now / 1000));
  const lang = useSettings((s) => s.lang);
  void version;
  if (!selected) return <ClusterFacets />;
  if (selected.resource === 'processes') return <ProcessInspect name={selected.key} />;
  const object = sight().cluster.byUid.get(selected.uid)?.object;
  const name = selected.key.split('/').at(-1)!;
  if (!object)
    return (
      <div className="scroll">
        <Facet>
          <h2 className="panel-title m">{name}</h2>
          <p>{t('inspect.gone')}</p>
          <button type="button" className="btn" onClick={() => openTab('why')}>
            {t('menu.why')}
          </button>
        </Facet>
      </div>
    );
  const summary = summaryOf(selected.resource, object, { of: objectsIn, now: second * 1000 });
  const conditions = ((object['status'] ?? {}) as { conditions?: Condition[] }).conditions ?? [];
  const pairs = fieldPairs(selected.resource, object);
  return (
    <div className="scroll" key={selected.uid}>
      <Facet>
        <h2 className="panel-title object-title">
          <span className="muted">{object.kind}</span> <span className="m">{name}</span>
          {summary.word && (
            <em>
              {summary.look && <Glyph look={summary.look} />} {summary.word}
            </em>
          )}
        </h2>
        <p className="prose">
          <Rich text={t(summary.key, { ...safeValues(summary.values), ...texts(summary, t) })} />
        </p>
        <div className="row acts">
          <button type="button" className="btn" onClick={() => openTab('why')}>
            {t('menu.why')}
          </button>
          <button type="button" className="btn" onClick={(event) => openMenuForSelection(event.currentTarget)}>
            {t('inspect.act')}
          </button>
        </div>
      </Facet>
      <KindFacets resource={selected.resource} object={object} now={second * 1000} />
      <Owners object={object} />
      {pairs.length > 0 && (
        <Facet title={t('inspect.fields')}>
          <table className="fields">
            <thead>
              <tr>
                <th>{t('inspect.field')}</th>
                <th className="m">{selected.resource === 'nodes' ? 'capacity' : 'spec'}</th>
                <th className="m">{selected.resource === 'nodes' ? 'allocatable' : 'status'}</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map(({ field, spec, status, promise }) => (
                <tr key={field} className={promise && spec !== status ? 'differs' : ''}>
                  <th className="m">{field}</th>
                  <td className="m" colSpan={status === '' ? 2 : 1}>
                    {spec}
                  </td>
                  {status !== '' && <td className="m">{status}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </Facet>
      )}
      {selected.resource === 'pods' && <Containers object={object} />}
      {conditions.length > 0 && (
        <Facet title={t('inspect.conditions')}>
          {conditions.map((c) => (
            <div key={c.type} className="condition">
              <div className="chk">
                <Glyph look={conditionLook(c.type, c.status)} />
                <span className="m">{c.type}</span>
                <b className="m val">{c.status}</b>
              </div>
              <p className="muted">
                <span className="m">{c.reason ?? ''}</span>{' '}
                {c.lastTransitionTime && t('inspect.since', { time: axisTime(millisOf(c.lastTransitionTime)) })}
                {c.message && <span className="m message">{c.message}</span>}
              </p>
            </div>
          ))}
        </Facet>
      )}
      <OwnEvents uid={selected.uid} now={second * 1000} lang={lang} />
      <Notes resource={selected.resource} object={object} />
      <LiveYaml object={object} />
    </div>
  );
}

/** Values of a sentence that are texts themselves, in the reader's language. */
const texts = ({ keys = {} }: Summary, t: Translate): Record<string, string> =>
  Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, t(key)]));

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A name that selects its object everywhere. */
export function ObjectLink({
  resource,
  object,
}: {
  readonly resource: string;
  readonly object: KubeObject;
}): ReactNode {
  const { namespace, name, uid } = object.metadata;
  return (
    <button
      type="button"
      className="link-btn m"
      onClick={() => select({ resource, key: namespace ? `${namespace}/${name}` : name, uid }, sight().side)}
    >
      {name}
    </button>
  );
}

/** Up to whom it belongs, down to what it owns. */
function Owners({ object }: { readonly object: KubeObject }): ReactNode {
  const t = useT();
  const { cluster } = sight();
  const up: { resource: string; object: KubeObject }[] = [];
  let at: KubeObject | undefined = object;
  while (at && up.length < 6) {
    const owner: string | undefined = at.metadata.ownerReferences?.find((o) => o.controller)?.uid;
    const found: Located | undefined = owner === undefined ? undefined : cluster.byUid.get(owner);
    if (found) up.unshift(found);
    at = found?.object;
  }
  const down = relatedTo(object.metadata.uid, ['replicasets.apps', 'jobs.batch', 'pods'], 60, cluster);
  if (up.length === 0 && down.length === 0 && object.kind !== 'Pod') return null;
  return (
    <Facet title={t('inspect.owners')}>
      {up.length === 0 && object.kind === 'Pod' && <p className="muted">{t('inspect.no-owner')}</p>}
      {up.map((o, i) => (
        <div key={o.object.metadata.uid} className="owner" style={{ paddingLeft: i * 16 }}>
          <span className="muted">{o.object.kind}</span> <ObjectLink {...o} />
        </div>
      ))}
      {(up.length > 0 || down.length > 0) && (
        <div className="owner" style={{ paddingLeft: up.length * 16 }}>
          <span className="muted">{object.kind}</span> <b className="m">{object.metadata.name}</b>
        </div>
      )}
      {down.map((o) => (
        <div key={o.object.metadata.uid} className="owner" style={{ paddingLeft: (up.length + 1) * 16 }}>
          <span className="muted">{o.object.kind}</span> <ObjectLink {...o} />
        </div>
      ))}
    </Facet>
  );
}

function OwnEvents({
  uid,
  now,
  lang,
}: {
  readonly uid: string;
  readonly now: number;
  readonly lang: 'en' | 'ko';
}): ReactNode {
  const t = useT();
  const mine = relatedTo(uid, ['events'], Infinity, sight().cluster)
    .map(({ object }) => object as unknown as KubeEvent)
    .map((event) => ({
      event,
      at: millisOf(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp),
    }))
    .sort((a, b) => b.at - a.at)
    .slice(0, 8);
  if (mine.length === 0) return null;
  return (
    <Facet title={t('inspect.events')}>
      <ul className="events plain">
        {mine.map(({ event, at }) => (
          <li key={event.metadata.uid} className={event.type === 'Warning' ? 'warning' : ''}>
            <span className="event-head">
              <time>{duration(Math.max(0, now - at), lang)}</time>
              <b className="m">{event.reason}</b>
              {(event.count ?? 1) > 1 && <span className="muted m">×{event.count}</span>}
            </span>
            <span className="m message">{event.message}</span>
          </li>
        ))}
      </ul>
    </Facet>
  );
}

/** What the simulation keeps of an object without acting on it. */
function Notes({ resource, object }: { readonly resource: string; readonly object: KubeObject }): ReactNode {
  const t = useT();
  const used = useMemo(() => storedOnlyFields(kindOf(resource) ?? { storedOnly: [] }, object), [resource, object]);
  if (used.length === 0) return null;
  return (
    <Facet title={t('inspect.stored')}>
      <p className="muted">{t('inspect.stored.why')}</p>
      <ul>
        {used.map((path) => (
          <li key={path} className="m">
            {path}
          </li>
        ))}
      </ul>
    </Facet>
  );
}

function ProcessInspect({ name }: { readonly name: string }): ReactNode {
  const t = useT();
  const stopped = sight().cluster.stopped.includes(name);
  const known = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'etcd'] as const;
  const process = known.find((k) => k === name);
  return (
    <div className="scroll">
      <Facet>
        <h2 className="panel-title object-title">
          <span className="m">{name}</span>
          <em>
            <Glyph look={stopped ? 'unknown' : 'ready'} /> {t(stopped ? 'outline.stopped' : 'outline.running')}
          </em>
        </h2>
        {process && <p className="prose">{t(`process.${process}`)}</p>}
        {process !== 'etcd' && (
          <button type="button" className="btn" onClick={(event) => openMenuForSelection(event.currentTarget)}>
            {t('inspect.act')}
          </button>
        )}
      </Facet>
    </div>
  );
}
