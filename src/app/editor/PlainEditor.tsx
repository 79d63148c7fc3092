import { useImperativeHandle, useRef, type ReactNode } from 'react';
import type { EditorProps } from './contract.ts';

/** A text area: stands in until the editor has arrived, and for good where it cannot. */
export function PlainEditor({ value, readOnly, label, onChange, onApply, onLeave, handle }: EditorProps): ReactNode {
  const area = useRef<HTMLTextAreaElement>(null);
  const escaped = useRef(0);
  useImperativeHandle(handle, () => ({
    focus: () => area.current?.focus(),
    reveal(line, column = 1) {
      const element = area.current;
      if (!element) return;
      const lines = element.value.split('\n');
      const before = lines.slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0);
      const start = before + Math.min(column - 1, lines[line - 1]?.length ?? 0);
      element.focus();
      element.setSelectionRange(start, start);
    },
    format: () => {},
    diff: () => {},
  }));
  return (
    <textarea
      ref={area}
      className="plain-editor"
      aria-label={label}
      value={value}
      readOnly={readOnly}
      spellCheck={false}
      autoCapitalize="off"
      wrap="off"
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.code === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          onApply();
        } else if (event.code === 'Escape') {
          if (event.timeStamp - escaped.current < 600) onLeave();
          escaped.current = event.timeStamp;
        }
      }}
    />
  );
}
