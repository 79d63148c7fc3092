import { useMemo, useState, type ReactNode } from 'react';
import { millisOf } from '../../kube/apimachinery/meta.ts';
import type { KubeEvent } from '../../kube/apis/index.ts';
import { useThrottled } from '../hooks.ts';
import { duration } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { useLesson } from '../lessons/store.ts';
import { objectsIn, sight } from '../sight.ts';
import { useClusterStore } from '../stores/cluster.ts';
import { selectUid, useSelection } from '../stores/selection.ts';
import { useSettings } from '../stores/settings.ts';
import { useTimeline } from '../stores/timeline.ts';

/** Most rows in the list; the search looks through all. */
const mostRows = 200;

/** The cluster's own events, as `kubectl get events` prints them, newest first. */
export function EventsPanel(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const [query, setQuery] = useState('');
  // What is selected says which cluster's events these are.
  useSelection((s) => s.side);
  useClusterStore((s) => s.versions['events']);
  useLesson((s) => s.twinVersion);
  const objects = objectsIn('events');
  const second = useThrottled(
    useTimeline((s) => Math.floor(s.now / 1000)),
    500,
  );
  const rows = useMemo(() => {
    void second;
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return [...objects.values()]
      .map((object) => object as unknown as KubeEvent)
      .map((event) => ({
        event,
        at: millisOf(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp),
        object: `${(event.involvedObject.kind ?? '').toLowerCase()}/${event.involvedObject.name ?? ''}`,
      }))
      .filter(({ event, object }) => {
        const text = `${event.type} ${event.reason} ${object} ${event.message}`.toLowerCase();
        return words.every((w) => text.includes(w));
      })
      .sort((a, b) => b.at - a.at);
  }, [objects, query, second]);
  return (
    <>
      <div className="search">
        <input
          type="search"
          value={query}
          placeholder={t('events.search')}
          aria-label={t('events.search')}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <span className="muted">{t('events.count', { count: rows.length })}</span>
      </div>
      <div className="scroll">
        {rows.length === 0 && <p className="empty muted">{t(query ? 'events.no-match' : 'events.none')}</p>}
        <ul className="events">
          {rows.slice(0, mostRows).map(({ event, at, object }) => (
            <li key={event.metadata.uid}>
              <button
                type="button"
                className={event.type === 'Warning' ? 'warning' : ''}
                onClick={() => selectUid(event.involvedObject.uid ?? '', sight().side)}
              >
                <span className="event-head">
                  <time>{duration(Math.max(0, second * 1000 - at), lang)}</time>
                  <b className="m">{event.reason}</b>
                  {(event.count ?? 1) > 1 && <span className="muted m">×{event.count}</span>}
                  <span className="m object">{object}</span>
                </span>
                <span className="m message">{event.message}</span>
              </button>
            </li>
          ))}
        </ul>
        {rows.length > mostRows && <p className="empty muted">{t('events.more', { count: rows.length - mostRows })}</p>}
      </div>
    </>
  );
}
