import type { ReactNode } from 'react';
import { restartExample } from '../begin.ts';
import { changeLanguage, useT, type Key } from '../i18n/index.ts';
import { mostNodes, useSettings, type Lang, type Motion, type Theme } from '../stores/settings.ts';

/** Key → what it does. */
const keys: readonly (readonly [string, Key])[] = [
  ['Space', 'keys.play'],
  ['→ ←', 'keys.step'],
  ['Shift → ←', 'keys.significant'],
  ['Home End', 'keys.ends'],
  ['[ ]', 'keys.speed'],
  ['F', 'keys.fork'],
  ['B', 'keys.mark'],
  ['W', 'keys.why'],
  ['M', 'keys.menu'],
  ['O', 'keys.outline'],
  ['Ctrl `', 'keys.terminal'],
  ['Alt S', 'keys.speak'],
];

function Choice<V extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [V, string])[];
  readonly onChoose: (value: V) => void;
}): ReactNode {
  return (
    <div className="setting">
      <span>{label}</span>
      <span className="seg" role="radiogroup" aria-label={label}>
        {options.map(([option, text]) => (
          <button
            key={option}
            type="button"
            role="radio"
            aria-checked={value === option}
            onClick={() => onChoose(option)}
          >
            {text}
          </button>
        ))}
      </span>
    </div>
  );
}

function Whole({
  label,
  hint,
  value,
  most,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}): ReactNode {
  return (
    <label className="setting">
      <span>
        {label} {hint && <span className="muted">{hint}</span>}
      </span>
      <input
        type="number"
        className="field m number"
        min={0}
        max={most}
        step={1}
        value={value}
        onChange={(event) => {
          const number = event.currentTarget.valueAsNumber;
          if (Number.isInteger(number) && number >= 0 && number <= most) onChange(number);
        }}
      />
    </label>
  );
}

/** Theme, motion, language, the next sandbox's world, and the keys. */
export function Settings(): ReactNode {
  const t = useT();
  const { theme, motion, lang, nodes, seed, change } = useSettings();
  return (
    <div className="dialog-body">
      <Choice<Theme>
        label={t('settings.theme')}
        value={theme}
        options={(['system', 'light', 'dark', 'projector'] as const).map((v) => [v, t(`settings.theme.${v}`)])}
        onChoose={(v) => change({ theme: v })}
      />
      <Choice<Motion>
        label={t('settings.motion')}
        value={motion}
        options={(['system', 'on', 'off'] as const).map((v) => [v, t(`settings.motion.${v}`)])}
        onChoose={(v) => change({ motion: v })}
      />
      <Choice<Lang>
        label={t('settings.language')}
        value={lang}
        options={[
          ['en', 'English'],
          ['ko', '한국어'],
        ]}
        onChoose={(v) => void changeLanguage(v)}
      />
      <h3>{t('settings.world')}</h3>
      <Whole
        label={t('settings.nodes')}
        hint={t('settings.nodes.limit', { most: mostNodes })}
        value={nodes}
        most={mostNodes}
        onChange={(v) => change({ nodes: v })}
      />
      <Whole label={t('settings.seed')} value={seed} most={2 ** 31 - 1} onChange={(v) => change({ seed: v })} />
      <div className="row">
        <button type="button" className="btn" onClick={() => void restartExample()}>
          {t('settings.restart')}
        </button>
        <span className="muted">{t('settings.restart.about')}</span>
      </div>
      <h3>{t('settings.keys')}</h3>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
