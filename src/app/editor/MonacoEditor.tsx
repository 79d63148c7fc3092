import { useEffect, useImperativeHandle, useRef, type ReactNode } from 'react';
import type { EditorProps } from './contract.ts';
import './editor.css';
import { createManifestEditor, type EditorLabels, type ManifestEditor } from './manifest-editor.ts';

const labels: Readonly<Record<EditorProps['lang'], EditorLabels>> = {
  en: { line: (n) => `Line ${n}`, fix: (text) => (text.trim() === '' ? 'Fix indentation' : `Replace by ${text}`) },
  ko: { line: (n) => `${n}행`, fix: (text) => (text.trim() === '' ? '들여쓰기 고치기' : `${text} 이름으로 고치기`) },
};

/** Monaco behind React: the instance lives in a ref, props flow into it, nothing is ever remounted while typing. */
export function MonacoEditor(props: EditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<ManifestEditor | null>(null);
  const latest = useRef(props);
  const { value, applied, problems, readOnly, theme, lang, label, handle } = props;

  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    let gone = false;
    const first = latest.current;
    void createManifestEditor(host.current!, {
      text: first.value,
      ariaLabel: first.label,
      readOnly: first.readOnly,
      labels: labels[first.lang],
      onChange: (text) => latest.current.onChange(text),
      onApply: () => latest.current.onApply(),
      onLeave: () => latest.current.onLeave(),
    }).then((created) => {
      if (gone) {
        created.destroy();
        return;
      }
      editor.current = created;
      const now = latest.current;
      created.setText(now.value);
      created.setApplied(now.applied);
      created.setProblems(now.problems);
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, []);

  useImperativeHandle(handle, () => ({
    focus: () => editor.current?.focus(),
    reveal: (line, column) => editor.current?.reveal(line, column),
    format: () => void editor.current?.format(),
    diff: (live) => editor.current?.showDiff(live),
  }));

  useEffect(() => editor.current?.setText(value), [value]);
  useEffect(() => editor.current?.setApplied(applied), [applied]);
  useEffect(() => editor.current?.setProblems(problems), [problems]);
  useEffect(() => editor.current?.setReadOnly(readOnly), [readOnly]);
  useEffect(() => editor.current?.setLabels(label, labels[lang]), [label, lang]);
  useEffect(() => {
    // After the page has put the theme on the root element.
    const frame = requestAnimationFrame(() => editor.current?.refreshTheme());
    return () => cancelAnimationFrame(frame);
  }, [theme]);

  return <div ref={host} className="manifest-host" />;
}
