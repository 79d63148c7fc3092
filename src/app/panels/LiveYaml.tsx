import { useEffect, useState, type ReactNode } from 'react';
import { yamlStyle } from '../../kube/apimachinery/yaml-style.ts';
import type { KubeObject } from '../../protocol/index.ts';
import { useT } from '../i18n/index.ts';
import { showTab, useWorkspace } from '../stores/workspace.ts';

/** Longest text shown here; the editor gets all of it. */
const mostCharacters = 60_000;

/** The object as YAML, following what is live. The YAML writer comes when it is first opened. */
export function LiveYaml({ object }: { readonly object: KubeObject }): ReactNode {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  useEffect(() => {
    if (!open) return;
    let stale = false;
    void import('yaml').then(({ stringify }) => {
      if (stale) return;
      const { managedFields: _, ...metadata } = object.metadata as typeof object.metadata & { managedFields?: unknown };
      setText(stringify({ ...object, metadata }, yamlStyle));
    });
    return () => {
      stale = true;
    };
  }, [open, object]);
  return (
    <details className="facet live" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('inspect.live')}</summary>
      {open && (
        <>
          <pre className="m">{text.slice(0, mostCharacters)}</pre>
          <button
            type="button"
            className="btn"
            onClick={() => {
              useWorkspace.setState({ text });
              showTab('yaml');
            }}
          >
            {t('inspect.edit')}
          </button>
        </>
      )}
    </details>
  );
}
