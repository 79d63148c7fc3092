import { useEffect, useState, type ReactNode } from 'react';
import type { Matrix, MatrixCell } from '../../protocol/index.ts';
import { ask } from '../engine.ts';
import { useThrottled } from '../hooks.ts';
import { useT, type Key, type Translate } from '../i18n/index.ts';
import { policySwitch } from '../objects/menu.ts';
import { Rich, safeValues } from '../Rich.tsx';
import { useClusterVersion } from '../stores/cluster.ts';
import { Facet } from './Facet.tsx';
import { perform } from './FaultMenu.tsx';

const refreshMs = 900;

type Verdict = MatrixCell['verdict'];

/** Sign and word of a verdict; the sign alone tells them apart without colour. */
const signs: Readonly<Record<string, { readonly sign: string; readonly word: Key }>> = {
  allow: { sign: '✓', word: 'matrix.allow' },
  deny: { sign: '✕', word: 'matrix.deny' },
  mixed: { sign: '±', word: 'matrix.mixed' },
  null: { sign: '–', word: 'matrix.none' },
};
/** The word of a verdict, or null for another word. */
export const verdictWord = (verdict: unknown): Key | null => signs[String(verdict ?? '')]?.word ?? null;

const signOf = (verdict: Verdict): (typeof signs)[string] => signs[String(verdict)]!;
/** From outside it is not enough to be allowed: something must lead there. */
const closed = { sign: '·', word: 'matrix.entry' } as const;
const signOfCell = (cell: MatrixCell): (typeof signs)[string] =>
  cell.entry === false && cell.verdict !== 'deny' ? closed : signOf(cell.verdict);

/** `default/app=web` → `app=web`: the everyday namespace goes without saying. */
const shortName = (name: string): string => name.replace(/^default\//, '');

/** Who may connect to whom, by the policies in force now. A cell tells which of them decide. */
export function MatrixFacet(): ReactNode {
  const t = useT();
  const matrix = useMatrix();
  const [chosen, setChosen] = useState<readonly [number, number] | null>(null);
  if (!matrix) return null;
  const cell = chosen && matrix.cells[chosen[0]]?.[chosen[1]];
  return (
    <Facet title={t('matrix.title')}>
      {matrix.rows.length < 2 ? (
        <p className="muted">{t('matrix.empty')}</p>
      ) : (
        <>
          <div className="matrix-scroll">
            <table className="matrix">
              <thead>
                <tr>
                  <th scope="col" className="muted">
                    {t('matrix.from')} ↓ {t('matrix.to')} →
                  </th>
                  {matrix.columns.map((c) => (
                    <th key={`${c.name} ${c.port}${c.protocol}`} scope="col" className="m">
                      <span>
                        {shortName(c.name)}:{c.port}
                        {c.protocol === 'UDP' ? '/UDP' : ''}
                      </span>
                    </th>
                  ))}
                  <th scope="col">
                    <span>{t('matrix.dns')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {matrix.rows.map((row, i) => (
                  <tr key={row.name}>
                    <th scope="row" className="m" title={row.name}>
                      {shortName(row.name)}
                    </th>
                    {matrix.cells[i]!.map((c, j) => (
                      <td key={j}>
                        <Cell
                          cell={c}
                          pressed={chosen?.[0] === i && chosen[1] === j}
                          label={t('matrix.cell', {
                            from: shortName(row.name),
                            to: `${shortName(matrix.columns[j]!.name)}:${matrix.columns[j]!.port}`,
                            word: t(signOfCell(c).word),
                          })}
                          onChoose={() => setChosen([i, j])}
                        />
                      </td>
                    ))}
                    <td className={`dns v-${row.dns ?? 'null'}`} title={t(signOf(row.dns).word)}>
                      {signOf(row.dns).sign}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Legend matrix={matrix} />
          {!matrix.enforced && <p>{t('matrix.ignored')}</p>}
          {cell ? <Verdicts cell={cell} /> : <p className="muted">{t('matrix.pick')}</p>}
        </>
      )}
      <PolicySwitch enforced={matrix.enforced} />
    </Facet>
  );
}

/** Whether the network plugin looks at the policies at all: many real ones do not. */
function PolicySwitch({ enforced }: { readonly enforced: boolean }): ReactNode {
  const t = useT();
  const { key, deed } = policySwitch({ ignoresPolicies: !enforced });
  return (
    <button type="button" className="btn" onClick={() => void perform(deed, t('toast.failed'))}>
      {t(key)}
    </button>
  );
}

/** The matrix as the session answers it; asked again when the cluster has changed. */
function useMatrix(): Matrix | null {
  const version = useThrottled(useClusterVersion(), refreshMs);
  const [matrix, setMatrix] = useState<Matrix | null>(null);
  useEffect(() => {
    let stale = false;
    ask({ type: 'matrix' }).then(
      (result) => {
        if (!stale) setMatrix(result);
      },
      () => {},
    );
    return () => {
      stale = true;
    };
  }, [version]);
  return matrix;
}

/** What the signs that are in the table mean. */
function Legend({ matrix }: { readonly matrix: Matrix }): ReactNode {
  const t = useT();
  const used = new Set([
    ...matrix.cells.flatMap((row) => row.map(signOfCell)),
    ...matrix.rows.map((row) => signOf(row.dns)),
  ]);
  return (
    <ul className="matrix-legend muted">
      {[...Object.values(signs), closed]
        .filter((entry) => used.has(entry))
        .map(({ sign, word }) => (
          <li key={sign}>
            <b className="m">{sign}</b> {t(word)}
          </li>
        ))}
    </ul>
  );
}

function Cell({
  cell,
  pressed,
  label,
  onChoose,
}: {
  readonly cell: MatrixCell;
  readonly pressed: boolean;
  readonly label: string;
  readonly onChoose: () => void;
}): ReactNode {
  const sign = signOfCell(cell);
  return (
    <button
      type="button"
      className={`cell v-${sign === closed ? 'null' : (cell.verdict ?? 'null')}`}
      aria-pressed={pressed}
      aria-label={label}
      title={label}
      onClick={onChoose}
    >
      {sign.sign}
    </button>
  );
}

/** Which policies decide a cell, one sentence per direction. */
function Verdicts({ cell }: { readonly cell: MatrixCell }): ReactNode {
  const t = useT();
  return (
    <ul className="verdicts">
      {cell.entry === false && <li>{t('matrix.entry')}</li>}
      {cell.policies.length === 0 && <li>{t('matrix.open')}</li>}
      {cell.policies.map((p) => (
        <li key={p.direction} className={p.allowed ? '' : 'bad'}>
          <Rich text={sentenceOf(t, p)} />
        </li>
      ))}
    </ul>
  );
}

/** Which policies decide a cell, in one text for `Rich`. */
export const cellWords = (t: Translate, { policies }: MatrixCell): string =>
  policies.length === 0 ? t('matrix.open') : policies.map((p) => sentenceOf(t, p)).join(' ');

function sentenceOf(t: Translate, p: MatrixCell['policies'][number]): string {
  const values = safeValues({ pod: shortName(p.pod), policy: shortName(p.allowedBy ?? '') });
  const policies = p.isolatedBy.map((name) => `\`${shortName(name)}\``).join(', ');
  return p.allowed
    ? t(p.allowedBy === undefined ? 'matrix.open' : 'matrix.allowed-by', {
        ...values,
        direction: t(`policy.${p.direction}`),
      })
    : t('matrix.refused-by', { ...values, policies, direction: t(`policy.${p.direction}`) });
}
