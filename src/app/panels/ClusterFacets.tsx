import { useMemo, type ReactNode } from 'react';
import { Glyph } from '../Glyph.tsx';
import { useThrottled } from '../hooks.ts';
import { count } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { useLesson, wantsMatrix } from '../lessons/store.ts';
import { asPod, podState, type PodLook } from '../objects/pod-state.ts';
import { objectsOf, useClusterVersion } from '../stores/cluster.ts';
import { select } from '../stores/selection.ts';
import { theStage } from '../StageHost.tsx';
import { Facet } from './Facet.tsx';
import { MatrixFacet } from './Matrix.tsx';

const colour: Record<PodLook, string> = {
  ready: 'ready',
  succeeded: 'done',
  notready: 'waiting',
  creating: 'waiting',
  pending: 'waiting',
  backoff: 'waiting',
  imagepull: 'waiting',
  failed: 'failed',
  terminating: 'idle',
  unknown: 'idle',
};

/** The cluster at a glance while nothing is selected: pods by state; a state finds its first pod. */
export function ClusterFacets(): ReactNode {
  const t = useT();
  const version = useThrottled(useClusterVersion(), 300);
  // A lesson about policies shows it before there is one: that is what it is about.
  const wanted = useLesson(wantsMatrix);
  const { rows, all, nodes } = useMemo(() => {
    void version;
    const states = new Map<string, { look: PodLook; word: string; n: number; uid: string; key: string }>();
    const pods = objectsOf('pods');
    for (const [key, object] of pods) {
      const state = podState(asPod(object));
      const word = state.look === 'notready' ? `${state.word} ${state.ready}/${state.containers}` : state.word;
      const known = states.get(word);
      if (known) known.n++;
      else states.set(word, { look: state.look, word, n: 1, uid: object.metadata.uid, key });
    }
    return { rows: [...states.values()].sort((a, b) => b.n - a.n), all: pods.size, nodes: objectsOf('nodes').size };
  }, [version]);
  return (
    <div className="scroll">
      <Facet>
        <h2 className="panel-title object-title">
          {t('facets.pods', { count: all })}
          <em>{t('facets.nodes', { count: nodes })}</em>
        </h2>
        <p className="muted">{t('inspect.select')}</p>
      </Facet>
      {wanted && <MatrixFacet />}
      {rows.length > 0 && (
        <Facet title={t('facets.state')} aside={t('facets.find')}>
          {rows.map((row) => (
            <button
              key={row.word}
              type="button"
              className="frow"
              onClick={() => {
                select({ resource: 'pods', key: row.key, uid: row.uid });
                theStage()?.reveal(row.uid);
              }}
            >
              <Glyph look={row.look} />
              <span>{row.word}</span>
              <span className="bar">
                <s
                  style={{ width: `${Math.max(1.5, (100 * row.n) / all)}%`, background: `var(--${colour[row.look]})` }}
                />
              </span>
              <b className="m">{count(row.n)}</b>
            </button>
          ))}
        </Facet>
      )}
      {!wanted && objectsOf('networkpolicies.networking.k8s.io').size > 0 && <MatrixFacet />}
    </div>
  );
}
