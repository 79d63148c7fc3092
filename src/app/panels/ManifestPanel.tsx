import { GitBranch } from 'lucide-react';
import { Component, lazy, Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { EditorHandle, EditorProps } from '../editor/contract.ts';
import { PlainEditor } from '../editor/PlainEditor.tsx';
import { useT } from '../i18n/index.ts';
import { besidesBlanks, blanksIn, yamlHelpOf } from '../lessons/blanks.ts';
import { useLesson, waitsForAnswer } from '../lessons/store.ts';
import { liveText } from '../live-text.ts';
import { applyManifest, changedLines, inWords, mend, usePreview, wouldChange } from '../manifest.ts';
import { Rich } from '../Rich.tsx';
import { theStage } from '../StageHost.tsx';
import { objectsOf } from '../stores/cluster.ts';
import { themeOf, useSettings } from '../stores/settings.ts';
import { useTimeline } from '../stores/timeline.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { consequence, podRoomOf } from '../consequence.ts';

/** Loaded once the stage has drawn, so that it never delays the first view. */
const Editor = lazy(async () => {
  await whenQuiet();
  return { default: (await import('../editor/index.tsx')).Editor };
});

/** Resolves when a first frame has come and the page has a free moment. */
async function whenQuiet(): Promise<void> {
  if (!useTimeline.getState().loaded)
    await new Promise<void>((resolve) => {
      const stop = useTimeline.subscribe((s) => {
        if (!s.loaded) return;
        stop();
        resolve();
      });
    });
  await new Promise<void>((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: 2500 });
    else setTimeout(resolve, 600);
  });
}

/** Keeps the text area when the editor cannot be loaded (offline, blocked): nobody loses their text. */
class FallBack extends Component<{ readonly plain: ReactNode; readonly children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}

const isPhone = (): boolean => matchMedia('(max-width: 899px)').matches;

/** The manifest: text, what it would change, and Apply. */
export function ManifestPanel(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const theme = useSettings(themeOf);
  const text = useWorkspace((s) => s.text);
  const applied = useWorkspace((s) => s.applied);
  const applying = useWorkspace((s) => s.applying);
  const editing = useWorkspace((s) => s.editing);
  const handle = useRef<EditorHandle | null>(null);
  const [diffing, setDiffing] = useState(false);
  const { preview, current } = usePreview(text);
  const changes = useMemo(() => changedLines(applied, text), [applied, text]);
  const blanks = useMemo(() => blanksIn(text), [text]);
  const waits = useLesson(waitsForAnswer);
  const help = useLesson(yamlHelpOf);
  const problems = useMemo(() => inWords(t, besidesBlanks(preview?.problems ?? [], blanks)), [t, preview, blanks]);
  const errors = problems.filter((p) => p.severity === 'error').length;
  const phone = isPhone();
  const readOnly = phone || help === 'full';
  // Applied once, but the cluster is another now: an undo, a scale from a menu, a rewind.
  const overtaken = changes === 0 && current && !editing && wouldChange(preview);
  useEffect(() => useWorkspace.setState({ problemCount: errors }), [errors]);

  // The live side follows the cluster while it is shown.
  useEffect(() => {
    if (!diffing || !preview) return;
    let stale = false;
    void liveText(text, preview).then((live) => {
      if (!stale) handle.current?.diff(live);
    });
    return () => void (stale = true);
  }, [diffing, preview, text]);
  const toggleDiff = (): void => {
    if (diffing) handle.current?.diff(null);
    setDiffing(!diffing);
  };

  const showBlank = (): void => handle.current?.reveal(blanks[0]!.line, blanks[0]!.column);

  const props: EditorProps = {
    value: text,
    applied,
    readOnly,
    problems,
    theme,
    lang,
    label: t('manifest.label'),
    onChange: (value) => useWorkspace.setState({ text: value }),
    onApply: () => (blanks.length > 0 ? showBlank() : void applyManifest()),
    onLeave: () => theStage()?.focus(),
    handle,
  };
  const plain = <PlainEditor {...props} />;
  const reason =
    text.trim() === ''
      ? t('manifest.empty')
      : waits
        ? t('lesson.wait.apply')
        : blanks.length > 0
          ? t(phone ? 'manifest.phone' : 'lesson.blanks', { count: blanks.length })
          : errors > 0
            ? t('manifest.problems', { count: errors })
            : phone && help === null
              ? t('manifest.phone')
              : null;
  return (
    <>
      <div className="file">
        <b className="m">{editing?.name ?? 'manifest.yaml'}</b>
        <span>
          {blanks.length > 0
            ? t('lesson.blanks', { count: blanks.length })
            : changes > 0
              ? t(help === 'full' ? 'lesson.full' : 'manifest.unapplied', { count: changes })
              : t(overtaken ? 'manifest.overtaken' : 'manifest.applied')}
        </span>
        <span className="fill" />
        {blanks.length > 0 ? (
          <button type="button" className="text-btn" onClick={showBlank}>
            {t('lesson.blanks.show')}
          </button>
        ) : (
          <>
            <button
              type="button"
              className="text-btn"
              aria-pressed={diffing}
              disabled={!diffing && !preview?.documents.some((d) => d.live)}
              title={t(diffing ? 'manifest.edit' : 'manifest.diff')}
              onClick={toggleDiff}
            >
              {t('manifest.diff.short')}
            </button>
            <button type="button" className="text-btn" onClick={() => handle.current?.format()}>
              {t('manifest.format')}
            </button>
            {editing ? (
              <button type="button" className="text-btn" onClick={editing.cancel}>
                {t('terminal.cancel')}
              </button>
            ) : (
              <button
                type="button"
                className="text-btn"
                disabled={changes === 0}
                onClick={() => useWorkspace.setState({ text: applied })}
              >
                {t('manifest.reset')}
              </button>
            )}
          </>
        )}
      </div>
      <div className="editor-slot">
        <FallBack plain={plain}>
          <Suspense fallback={plain}>
            <Editor {...props} />
          </Suspense>
        </FallBack>
      </div>
      <div className="apply">
        {problems.length > 0 ? (
          <ul className="problems">
            {problems.slice(0, 3).map((p) => (
              <li key={`${p.line} ${p.message}`} className={p.severity}>
                <button type="button" className="link-btn" onClick={() => handle.current?.reveal(p.line, p.column)}>
                  {t('manifest.line', { line: p.line })}
                </button>{' '}
                {p.message}
                {p.fix !== undefined && (
                  <>
                    {' '}
                    <button
                      type="button"
                      className="link-btn"
                      onClick={() => useWorkspace.setState({ text: mend(text, p) })}
                    >
                      {p.fix.trim() === '' ? t('manifest.fix.indent') : t('manifest.fix', { fix: p.fix })}
                    </button>
                  </>
                )}
              </li>
            ))}
          </ul>
        ) : (
          preview &&
          current &&
          !waits &&
          blanks.length === 0 &&
          (changes > 0 || overtaken) && (
            <div className="will">
              <GitBranch size={17} strokeWidth={1.6} aria-hidden />
              <span>
                <Rich text={consequence(t, preview, podRoomOf(objectsOf('nodes').values()))} />
              </span>
            </div>
          )
        )}
        <div className="row">
          <button
            type="button"
            className="btn primary"
            disabled={reason !== null || applying}
            title={editing ? undefined : 'kubectl apply -f manifest.yaml'}
            onClick={() => void applyManifest()}
          >
            {t('manifest.apply')} <kbd aria-hidden="true">{t('manifest.apply.key')}</kbd>
          </button>
          {reason && <span className="muted">{reason}</span>}
        </div>
      </div>
    </>
  );
}
