import { SquareTerminal } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { HorizontalPodAutoscaler } from '../../kube/apis/index.ts';
import type { KubeObject } from '../../protocol/index.ts';
import { act, worldNow } from '../engine.ts';
import { useT } from '../i18n/index.ts';
import { tellFailure } from '../manifest.ts';
import { menuFor, type MenuDeed } from '../objects/menu.ts';
import { cluster, objectsOf } from '../stores/cluster.ts';
import { toast } from '../stores/notices.ts';
import { useSelection } from '../stores/selection.ts';
import { useTimeline } from '../stores/timeline.ts';
import { openTab, toTerminal } from '../stores/workspace.ts';
import { sightOf } from '../sight.ts';
import { theStage } from '../StageHost.tsx';
import { LinkDied } from '../link.ts';
import { copyText } from './Notices.tsx';

/** Does what a menu item says and tells when it was refused. */
export async function perform(deed: MenuDeed, failed: string): Promise<void> {
  try {
    const result = await act(deed);
    if (deed.type === 'kubectl') tellFailure(result, deed.line);
  } catch (error) {
    if (!(error instanceof LinkDied)) toast(failed, error instanceof Error ? error.message : String(error));
  }
}

/** True of what an autoscaler looks after. */
function isScaled({ kind, metadata: { name, namespace } }: KubeObject): boolean {
  for (const object of objectsOf('horizontalpodautoscalers.autoscaling').values()) {
    const target = (object as unknown as HorizontalPodAutoscaler).spec?.scaleTargetRef;
    if (target?.kind === kind && target.name === name && object.metadata.namespace === namespace) return true;
  }
  return false;
}

/** What can be done with an object: asked, broken, mended. Opens at the pointer or at the focused object. */
export function FaultMenu(): ReactNode {
  const t = useT();
  const menu = useSelection((s) => s.menu);
  /** The kubectl line of the item under the pointer or the focus. */
  const [line, setLine] = useState<string | null>(null);
  /** A line that goes to the terminal, with the focus, once the menu has gone. */
  const wanted = useRef<string | null>(null);
  if (!menu) return null;
  const { ref, side, x, y, cause } = menu;
  const object = sightOf(side).cluster.byUid.get(ref.uid)?.object ?? null;
  // What is done is done to both clusters: from the first one, whose names it uses.
  const items =
    side === 'b'
      ? []
      : menuFor(ref, object, {
          ...cluster,
          scaled: object !== null && isScaled(object),
          metricsServer: worldNow()?.metricsServer,
          now: useTimeline.getState().now,
        });
  const close = (): void => useSelection.setState({ menu: null });
  const name = object?.metadata.name ?? ref.key;
  const list = (mends: boolean): ReactNode =>
    items
      .filter((item) => (item.mends ?? false) === mends)
      .map((item) => (
        <DropdownMenu.Item
          key={`${item.key} ${JSON.stringify(item.values ?? '')}`}
          className={`menu-item ${mends ? '' : 'breaks'}`}
          onSelect={() => void perform(item.deed, t('toast.failed'))}
          onFocus={() => setLine(item.deed.type === 'kubectl' ? item.deed.line : null)}
        >
          {t(item.key, item.values)}
          {item.deed.type === 'kubectl' && (
            <ToTerminal line={item.deed.line} send={(text) => (close(), (wanted.current = text))} />
          )}
        </DropdownMenu.Item>
      ));
  const [breaks, mends] = [list(false), list(true)];
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && close()}>
      <DropdownMenu.Trigger asChild>
        <span style={{ position: 'fixed', left: x, top: y, width: 1, height: 1 }} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.getElementById('app')}>
        <DropdownMenu.Content
          key={`${ref.uid} ${x} ${y}`}
          className="menu"
          aria-label={t('menu.label', { name })}
          onKeyDown={(event: KeyboardEvent) => {
            if (line === null || !(event.ctrlKey || event.metaKey) || event.code !== 'KeyC') return;
            event.preventDefault();
            void copyText(`kubectl ${line}`);
          }}
          side="right"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (wanted.current !== null) toTerminal(wanted.current);
            else if (cause === 'key')
              document.querySelector<HTMLElement>('[role="tree"] [tabindex="0"]:focus, #stage [tabindex="0"]')?.focus();
            else theStage()?.focus();
          }}
        >
          <DropdownMenu.Label className="menu-label">
            {object && <span className="muted">{object.kind}</span>} <b className="m">{name}</b>
          </DropdownMenu.Label>
          {object && (
            <>
              <DropdownMenu.Item className="menu-item" onSelect={() => openTab('why')}>
                {t('menu.why')} <kbd>W</kbd>
              </DropdownMenu.Item>
              <DropdownMenu.Item className="menu-item" onSelect={() => openTab('inspect')}>
                {t('menu.inspect')} <kbd>⏎</kbd>
              </DropdownMenu.Item>
              {items.length > 0 && <DropdownMenu.Separator className="menu-line" />}
            </>
          )}
          {breaks}
          {Array.isArray(mends) && mends.length > 0 && breaks && items.some((i) => !i.mends) && (
            <DropdownMenu.Separator className="menu-line" />
          )}
          {mends}
          {items.some((item) => item.deed.type === 'kubectl') && (
            <div className="menu-command m">{line !== null && `kubectl ${line}`}</div>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Puts an item's kubectl line at the terminal's prompt instead of doing it. With keys: Ctrl+C on the item copies the line. */
function ToTerminal({ line, send }: { readonly line: string; send(line: string): void }): ReactNode {
  const t = useT();
  return (
    <span
      className="menu-to"
      aria-hidden="true"
      title={`${t('terminal.send')}: kubectl ${line}`}
      onPointerUp={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        send(line);
      }}
    >
      <SquareTerminal size={15} strokeWidth={1.6} />
    </span>
  );
}
