import type { ReactNode } from 'react';
import { openExample } from '../begin.ts';
import { firstExample } from '../gallery/first.ts';
import { useT } from '../i18n/index.ts';
import { useNotices } from '../stores/notices.ts';

/** Why a link or file could not be opened, and the way on. */
export function OpenFailed(): ReactNode {
  const t = useT();
  const broken = useNotices((s) => s.broken);
  return (
    <div className="dialog-body">
      <p className="prose">{broken && t(`open.${broken.why}`, { why: broken.detail, engine: broken.detail })}</p>
      <div className="row">
        <button
          type="button"
          className="btn primary"
          onClick={() => {
            history.replaceState(null, '', location.pathname + location.search);
            void openExample(firstExample);
          }}
        >
          {t('open.fresh')}
        </button>
      </div>
    </div>
  );
}
