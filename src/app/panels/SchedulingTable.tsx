import { useState, type ReactNode } from 'react';
import type { SchedulingAttempt } from '../../protocol/index.ts';
import { axisTime } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';

/** Rows shown at once. */
const most = 12;

type Row = SchedulingAttempt['nodes'][number];

/** Every node's way through the scheduler: filters first, then scores; the winner's row is washed. */
export function SchedulingTable({ attempt }: { readonly attempt: SchedulingAttempt }): ReactNode {
  const t = useT();
  const [open, setOpen] = useState<string | null>(null);
  const nodes = [...attempt.nodes].sort(
    (a, b) => (b.total ?? -1) - (a.total ?? -1) || (a.name === attempt.node ? -1 : b.name === attempt.node ? 1 : 0),
  );
  const best = Math.max(1, ...nodes.map((n) => n.total ?? 0));
  const shown = nodes.slice(0, most);
  const told = nodes.find((n) => n.name === open) ?? nodes.find((n) => n.name === attempt.node);
  return (
    <section className="scheduling" aria-label={t('schedule.title')}>
      <h2 className="panel-title">
        {t('schedule.title')} <em className="muted">{t('schedule.at', { time: axisTime(attempt.at) })}</em>
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('schedule.node')}</th>
            <th scope="col">{t('schedule.filters')}</th>
            <th scope="col">{t('schedule.score')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((node) => (
            <tr key={node.name} className={node.name === attempt.node ? 'won' : ''}>
              <th scope="row" className="m">
                <button type="button" className="link-btn m" onClick={() => setOpen(node.name)}>
                  {node.name}
                </button>
              </th>
              {node.rejectedBy === undefined ? (
                <>
                  <td className="pass" title={t('schedule.passed')}>
                    ✓
                  </td>
                  <td>{node.total === undefined ? t('schedule.only') : <Score node={node} best={best} />}</td>
                </>
              ) : (
                <td colSpan={2} className="bad">
                  <span aria-hidden="true">✕ </span>
                  <span className="m">{node.reason ?? node.rejectedBy}</span>
                  <span className="voice"> {t('schedule.rejected', { plugin: node.rejectedBy })}</span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {nodes.length > most && <p className="muted">{t('schedule.more', { count: nodes.length - most })}</p>}
      {attempt.of !== undefined && attempt.evaluated !== undefined && attempt.evaluated < attempt.of && (
        <p className="muted">{t('schedule.of', { evaluated: attempt.evaluated, of: attempt.of })}</p>
      )}
      {nodes.some((n) => n.rejectedBy !== undefined) && <p className="muted">{t('schedule.first')}</p>}
      {told?.scores && <Plugins node={told} />}
      {attempt.node === undefined && attempt.message && <code className="m words">{attempt.message}</code>}
    </section>
  );
}

function Score({ node, best }: { readonly node: Row; readonly best: number }): ReactNode {
  const total = node.total ?? 0;
  return (
    <span className="node-score">
      <span className="bar">
        <s style={{ width: `${(100 * total) / best}%` }} />
      </span>
      <b className="m">{Math.round(total)}</b>
    </span>
  );
}

/** What each plugin gave the node; those that gave nothing are left out. */
function Plugins({ node }: { readonly node: Row }): ReactNode {
  const given = Object.entries(node.scores ?? {})
    .filter(([, score]) => score !== 0)
    .sort((a, b) => b[1] - a[1]);
  if (given.length === 0) return null;
  return (
    <ul className="plugins">
      {given.map(([plugin, score]) => (
        <li key={plugin} className="chk">
          <span className="m">{plugin}</span>
          <b className="m val">{Math.round(score)}</b>
        </li>
      ))}
    </ul>
  );
}
