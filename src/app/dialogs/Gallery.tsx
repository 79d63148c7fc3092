import { useRef, type ReactNode } from 'react';
import { openExample, openText } from '../begin.ts';
import { examples } from '../gallery/index.ts';
import { useT } from '../i18n/index.ts';
import { useSettings } from '../stores/settings.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { emptyExample } from '../gallery/first.ts';

/** Starter manifests, each in a fresh sandbox. */
export function Gallery(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const nodes = useSettings((s) => s.nodes);
  const current = useWorkspace((s) => s.name?.en);
  const file = useRef<HTMLInputElement>(null);
  return (
    <div className="dialog-body">
      <p className="muted">{t('gallery.about')}</p>
      <ul className="cards">
        {examples.map((example) => (
          <li key={example.id}>
            <button
              type="button"
              className="card"
              aria-current={current === example.title.en}
              onClick={() => void openExample(example)}
            >
              <b>{example.title[lang]}</b>
              <span>{example.about[lang]}</span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" className="card" onClick={() => void openExample(emptyExample)}>
            <b>{t('gallery.empty')}</b>
            <span>{t('gallery.empty.about', { nodes })}</span>
          </button>
        </li>
      </ul>
      <div className="row">
        <button type="button" className="btn" onClick={() => file.current?.click()}>
          {t('gallery.file')}
        </button>
        <input
          ref={file}
          type="file"
          accept=".json,.yaml,.yml,application/json"
          className="hidden"
          tabIndex={-1}
          aria-label={t('gallery.file')}
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            if (chosen) void openText(chosen);
          }}
        />
      </div>
    </div>
  );
}
