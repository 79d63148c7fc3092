import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { act, interrupt, onFrames } from '../engine.ts';
import { useT } from '../i18n/index.ts';
import { themeOf, useSettings } from '../stores/settings.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { createShell } from './shell.ts';
import { createEmulator, type Emulator } from './xterm.ts';
import './terminal.css';

/** kubectl in the page: a drawer below the time area. */
export function TerminalPanel(): ReactNode {
  const t = useT();
  const open = useWorkspace((s) => s.terminal);
  const theme = useSettings(themeOf);
  const lang = useSettings((s) => s.lang);
  const host = useRef<HTMLDivElement>(null);
  const emulator = useRef<Emulator>(null);
  useEffect(() => {
    const made = createEmulator();
    const { term } = made;
    emulator.current = made;
    term.open(host.current!);
    made.fit();
    const shell = createShell(
      {
        write: (text) => term.write(text),
        get columns() {
          return term.cols;
        },
        clear: () => term.write('\u001b[H\u001b[2J\u001b[3J'),
      },
      {
        kubectl: act,
        interrupt,
        files: () => ({ 'manifest.yaml': useWorkspace.getState().text }),
      },
    );
    term.onData((data) => shell.type(data));
    const stop = onFrames((_frame, fresh) => shell.printed(fresh.outputs));
    const resized = new ResizeObserver(() => made.fit());
    resized.observe(host.current!);
    return () => {
      stop();
      resized.disconnect();
      term.dispose();
    };
  }, []);
  useEffect(() => emulator.current?.restyle(), [theme, lang]);
  useEffect(() => {
    if (!open) return;
    emulator.current?.fit();
    emulator.current?.term.focus();
  }, [open]);
  return (
    <section className="terminal" aria-label={t('terminal.label')} hidden={!open} id="terminal">
      <header className="terminal-head">
        <b>{t('terminal.label')}</b>
        <span className="muted">{t('terminal.leave')}</span>
        <span className="fill" />
        <button
          type="button"
          className="icon-btn"
          aria-label={t('terminal.close')}
          onClick={() => useWorkspace.setState({ terminal: false })}
        >
          <X size={16} strokeWidth={1.75} aria-hidden />
        </button>
      </header>
      <div className="terminal-host" ref={host} />
    </section>
  );
}
