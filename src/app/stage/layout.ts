/** What placing yields: the words of `place.ts` and of those who draw it. Types and the measures of tiles. */
import type {
  Scene,
  SceneBudget,
  SceneClaim,
  SceneColumn,
  SceneGate,
  SceneGroup,
  SceneNode,
  ScenePod,
  ScenePolicy,
  SceneScaler,
  SceneService,
  SceneSource,
} from './scene.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** How a pod is drawn, from all its words down to a shape. */
export type TileSize = 'tile' | 'small' | 'slim' | 'mini' | 'cell';

export interface Metric {
  readonly size: TileSize;
  readonly tw: number;
  readonly th: number;
  readonly gap: number;
  /** Height of one line of tiles with its feet, label and air. */
  readonly line: number;
  /** Air left and right of a column. */
  readonly pad: number;
}

/** Measures of design.md: tile 76 × 52 with feet and label; small 56 × 44; the rest in the same hand. */
export const metrics: Readonly<Record<TileSize, Metric>> = {
  tile: { size: 'tile', tw: 76, th: 52, gap: 8, line: 78, pad: 8 },
  small: { size: 'small', tw: 56, th: 44, gap: 5, line: 62, pad: 7 },
  slim: { size: 'slim', tw: 50, th: 44, gap: 4, line: 62, pad: 2 },
  mini: { size: 'mini', tw: 42, th: 20, gap: 4, line: 24, pad: 3 },
  cell: { size: 'cell', tw: 11, th: 11, gap: 3, line: 14, pad: 5 },
};

export interface PlacedNode {
  readonly node: SceneNode;
  readonly box: Box;
  /** Height of the title bar; its lower edge is the node's wire. 0 in a box without title. */
  readonly title: number;
  readonly wireY: number;
  /** First line of tiles. */
  readonly tilesY: number;
  /** Where the last tile of the row ends. */
  readonly endX: number;
}

export interface PlacedColumn {
  readonly column: SceneColumn;
  readonly x: number;
  readonly w: number;
  /** Old owners lean on the centre line, the newest starts at it. */
  readonly align: 'left' | 'right';
}

export interface PlacedGroup {
  readonly group: SceneGroup;
  readonly x: number;
  readonly w: number;
  readonly columns: readonly PlacedColumn[];
  /** Names of neighbours stand on two levels when columns are narrow. */
  readonly level: 0 | 1;
  /** They do so in this layout. */
  readonly staggered: boolean;
  /** Where its name and where its band end: behind them stands what is laid upon the group. */
  readonly nameEnd: number;
  readonly bandEnd: number;
}

/** What is laid upon a group, at its head. `full`: with words; else a sign. */
export type PlacedAddon = { readonly box: Box; readonly full: boolean } & (
  | { readonly kind: 'scaler'; readonly item: SceneScaler }
  | { readonly kind: 'budget'; readonly item: SceneBudget }
);

/** A gate with as many lines of its table as there is room for. */
export interface PlacedGate {
  readonly gate: SceneGate;
  readonly box: Box;
  readonly lines: number;
}

export interface PlacedClaim {
  readonly claim: SceneClaim;
  readonly box: Box;
}

export interface PlacedPolicy {
  readonly policy: ScenePolicy;
  readonly box: Box;
}

export interface PlacedPod {
  readonly pod: ScenePod;
  readonly x: number;
  readonly y: number;
  readonly metric: Metric;
  /** `hidden`: on another page; it still belongs to its node. */
  readonly where: 'row' | 'queue' | 'hidden';
  /** Room for a label under the tile, px; 0 for none. */
  readonly labelRoom: number;
  /** Label hangs from the right edge. */
  readonly labelEnd: boolean;
  /** The label speaks for so many neighbours of the same word. */
  readonly labelCount: number;
  /** Free width to the right, within its column. */
  readonly sideRoom: number;
}

export interface PlacedService {
  readonly service: SceneService;
  readonly box: Box;
  readonly lines: 1 | 2 | 3;
}

export interface LassoRow {
  readonly node: string;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

export interface PlacedLasso {
  readonly service: string;
  readonly rows: readonly LassoRow[];
}

export interface Strip {
  readonly y: number;
  readonly h: number;
  readonly etcd: Box;
  readonly api: Box;
  readonly scheduler: Box;
  readonly manager: Box;
  /** Tray of the scheduling queue. */
  readonly queue: Box;
  /** Pods waiting that found no room in the tray. */
  readonly more: number;
  readonly small: boolean;
}

export interface Page {
  readonly index: number;
  readonly count: number;
  /** 1-based, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly all: number;
}

export interface Layout {
  readonly mode: 'loom' | 'boxes';
  /** One group alone: the full header with card and band; several: a header per group. */
  readonly single: boolean;
  readonly width: number;
  readonly height: number;
  /** Left edge of traffic column, of the rows, and their right edge. */
  readonly x0: number;
  readonly left: number;
  readonly xr: number;
  readonly x1: number;
  readonly headerY: number;
  readonly top: number;
  readonly metric: Metric;
  readonly strip: Strip | null;
  readonly nodes: readonly PlacedNode[];
  readonly groups: readonly PlacedGroup[];
  readonly addons: readonly PlacedAddon[];
  readonly pods: readonly PlacedPod[];
  readonly services: readonly PlacedService[];
  readonly gates: readonly PlacedGate[];
  readonly policies: readonly PlacedPolicy[];
  readonly claims: readonly PlacedClaim[];
  /** Services that found no room in the column. */
  readonly moreServices: number;
  readonly users: readonly { readonly source: SceneSource; readonly x: number; readonly y: number }[];
  readonly lassos: readonly PlacedLasso[];
  readonly page: Page;
  readonly zones: readonly { readonly name: string; readonly y: number }[];
  /** What the next placing should keep steady. */
  readonly hint: Hint;
}

/** Kept from one placing to the next, so that columns do not breathe during a rollout. */
export interface Hint {
  readonly size: TileSize;
  /** Column uid → tiles across. */
  readonly tiles: ReadonlyMap<string, number>;
}

export interface PlaceInput {
  readonly scene: Scene;
  readonly width: number;
  readonly height: number;
  readonly page: number;
  readonly projector: boolean;
  readonly lang: 'en' | 'ko';
  readonly hint: Hint | null;
}
