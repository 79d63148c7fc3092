import {
  Box,
  Boxes,
  Braces,
  ChevronRight,
  Clock,
  Container,
  Cpu,
  DoorOpen,
  FileText,
  Gauge,
  KeyRound,
  Layers,
  Link2,
  ListChecks,
  PanelLeftClose,
  PanelLeftOpen,
  Puzzle,
  Ruler,
  ScrollText,
  Server,
  Shield,
  Ticket,
  UserRound,
  Waypoints,
} from 'lucide-react';
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { Glyph } from '../Glyph.tsx';
import { useOutlineOpen, useThrottled } from '../hooks.ts';
import { useT } from '../i18n/index.ts';
import { openMenuForSelection } from '../menu-anchor.ts';
import type { OutlineItem } from '../objects/outline-item.ts';
import { buildOutline, visibleRows } from '../objects/outline.ts';
import { theStage } from '../StageHost.tsx';
import { cluster, objectsOf, useClusterVersion } from '../stores/cluster.ts';
import { select, useSelection } from '../stores/selection.ts';
import { arrange, openTab } from '../stores/workspace.ts';

const rowHeight = 28;
/** Up to so many rows are all in the document; beyond, only those in view. */
const windowFrom = 200;
/** How often the tree follows the cluster; a large one is read more slowly. */
const followMs = 200;
const followLargeMs = 1000;
const largeFrom = 300;

const icons = {
  group: Box,
  node: Server,
  deployment: Layers,
  replicaset: Boxes,
  job: ListChecks,
  cronjob: Clock,
  service: Waypoints,
  gate: DoorOpen,
  scaler: Gauge,
  budget: Ruler,
  policy: Shield,
  claim: Ticket,
  config: FileText,
  secret: KeyRound,
  account: UserRound,
  role: ScrollText,
  binding: Link2,
  definition: Puzzle,
  custom: Braces,
  container: Container,
  process: Cpu,
} as const;

/** The cluster as a tree: a first-class view of its own, and the stage's words for who cannot see it. Folds into a rail. */
export function Outline(): ReactNode {
  const t = useT();
  const open = useOutlineOpen();
  return (
    <nav className={`outline ${open ? 'open' : 'folded'}`} aria-label={t('outline.toggle')}>
      <div className="outline-head">
        {open && <h2>{t('outline.toggle')}</h2>}
        <button
          type="button"
          className="icon-btn"
          aria-label={t(open ? 'outline.fold' : 'outline.unfold')}
          aria-expanded={open}
          title={`${t(open ? 'outline.fold' : 'outline.unfold')} (O)`}
          onClick={() => arrange({ outlineOpen: !open })}
        >
          {open ? (
            <PanelLeftClose size={17} strokeWidth={1.6} aria-hidden />
          ) : (
            <PanelLeftOpen size={17} strokeWidth={1.6} aria-hidden />
          )}
        </button>
      </div>
      <Tree />
    </nav>
  );
}

function Tree(): ReactNode {
  const t = useT();
  const version = useThrottled(useClusterVersion(), objectsOf('pods').size > largeFrom ? followLargeMs : followMs);
  const selected = useSelection((s) => s.selected?.uid ?? null);
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [active, setActive] = useState<string | null>(null);
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const wantsFocus = useRef(false);
  const items = useMemo(() => {
    void version;
    return buildOutline({ of: objectsOf, stopped: cluster.stopped }, t);
  }, [version, t]);
  const rows = useMemo(() => visibleRows(items, folds), [items, folds]);
  const activeId = rows.some((r) => r.item.id === active)
    ? active
    : (rows.find((r) => r.item.id === selected)?.item.id ?? rows[0]?.item.id ?? null);

  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  });

  const fold = useCallback((id: string, to: boolean) => setFolds((before) => new Map(before).set(id, to)), []);
  const choose = useCallback((item: OutlineItem) => {
    setActive(item.id);
    if (!item.ref) return;
    select(item.ref);
    theStage()?.reveal(item.ref.uid);
  }, []);
  const moveTo = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    wantsFocus.current = true;
    setActive(row.item.id);
    const y = rows.indexOf(row) * rowHeight;
    const view = box.current;
    if (view && (y < view.scrollTop || y > view.scrollTop + view.clientHeight - rowHeight))
      view.scrollTop = y - view.clientHeight / 2;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = rows.findIndex((r) => r.item.id === activeId);
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const { item } = row;
    const unfolded = folds.get(item.id) ?? item.open;
    const acts: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      ArrowRight: () =>
        item.children.length > 0 && !unfolded ? fold(item.id, true) : item.children.length > 0 && moveTo(at + 1),
      ArrowLeft: () =>
        item.children.length > 0 && unfolded
          ? fold(item.id, false)
          : moveTo(rows.findIndex((r) => r.item.id === row.parent)),
      Enter: () => {
        choose(item);
        if (item.ref) openTab('inspect');
      },
      Space: () => choose(item),
      KeyM: () => menu(item),
      F10: () => event.shiftKey && menu(item),
      ContextMenu: () => menu(item),
    };
    const act = acts[event.code];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const menu = (item: OutlineItem): void => {
    choose(item);
    openMenuForSelection(box.current?.querySelector('[tabindex="0"]'));
  };

  const windowed = rows.length > windowFrom;
  const first = windowed ? Math.max(0, Math.floor(top / rowHeight) - 10) : 0;
  const last = windowed ? Math.min(rows.length, first + 60) : rows.length;
  return (
    <div
      ref={box}
      className="tree"
      role="tree"
      tabIndex={-1}
      aria-label={t('outline.label')}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const id = (event.target as HTMLElement).dataset['id'];
        if (id !== undefined) setActive(id);
      }}
      onScroll={windowed ? (event) => setTop(event.currentTarget.scrollTop) : undefined}
    >
      {first > 0 && <div style={{ height: first * rowHeight }} role="none" />}
      {rows.slice(first, last).map(({ item, position, siblings }) => (
        <Row
          key={item.id}
          item={item}
          position={position}
          siblings={siblings}
          unfolded={item.children.length > 0 ? (folds.get(item.id) ?? item.open) : null}
          selected={item.ref !== null && item.ref.uid === selected && item.icon !== 'container'}
          active={item.id === activeId}
          onFold={fold}
          onChoose={choose}
        />
      ))}
      {last < rows.length && <div style={{ height: (rows.length - last) * rowHeight }} role="none" />}
    </div>
  );
}

interface RowProps {
  readonly item: OutlineItem;
  readonly position: number;
  readonly siblings: number;
  readonly unfolded: boolean | null;
  readonly selected: boolean;
  readonly active: boolean;
  readonly onFold: (id: string, to: boolean) => void;
  readonly onChoose: (item: OutlineItem) => void;
}

const Row = memo(function Row({
  item,
  position,
  siblings,
  unfolded,
  selected,
  active,
  onFold,
  onChoose,
}: RowProps): ReactNode {
  const Icon = item.icon in icons ? icons[item.icon as keyof typeof icons] : null;
  const onMenu = (event: MouseEvent): void => {
    if (!item.ref) return;
    event.preventDefault();
    onChoose(item);
    useSelection.setState({ menu: { ref: item.ref, side: 'a', x: event.clientX, y: event.clientY, cause: 'context' } });
  };
  // What sets the pods of a set apart stands at the end of their names: a narrow tree shortens what comes before it.
  const [, stem = item.name, suffix] = /^(.+)(-[a-z0-9]{5})$/.exec(item.name) ?? [];
  return (
    // Keys are handled by the tree around it.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      className={`tree-row ${item.icon === 'group' && item.level === 1 ? 'tree-group' : ''}`}
      role="treeitem"
      data-id={item.id}
      aria-level={item.level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={unfolded ?? undefined}
      aria-selected={selected}
      aria-label={item.label}
      title={item.label}
      tabIndex={active ? 0 : -1}
      style={{ '--level': item.level - 1 } as CSSProperties}
      onClick={() => {
        onChoose(item);
        if (!item.ref && unfolded !== null) onFold(item.id, !unfolded);
      }}
      onContextMenu={onMenu}
    >
      <span
        className="tree-fold"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          if (unfolded !== null) onFold(item.id, !unfolded);
        }}
      >
        {unfolded !== null && (
          <ChevronRight size={14} strokeWidth={1.75} style={{ rotate: unfolded ? '90deg' : '0deg' }} aria-hidden />
        )}
      </span>
      <span className="tree-icon" aria-hidden="true">
        {Icon ? <Icon size={15} strokeWidth={1.6} aria-hidden /> : <Glyph look={item.icon as 'ready'} />}
      </span>
      <span className={`tree-name ${item.icon === 'group' ? '' : 'm'}`} aria-hidden="true">
        <span className="tree-stem">{stem}</span>
        {suffix}
      </span>
      <span className="tree-word" aria-hidden="true">
        {item.word}
      </span>
    </div>
  );
});
