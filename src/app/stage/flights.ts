import type { RequestRecord } from '../../protocol/index.ts';
import type { StageOptions, StageView } from './contract.ts';
import type { Drawing } from './draw.ts';
import type { Layout } from './layout.ts';
import type { Scene } from './scene.ts';

export interface FlightsInput {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: StageView;
  readonly pace: number;
}

export interface Flights {
  update(input: FlightsInput): void;
  recordOf(element: Element): RequestRecord | null;
  destroy(): void;
}

export function createFlights(drawing: Drawing, options: StageOptions): Flights {
  void drawing;
  void options;
  return { update: () => {}, recordOf: () => null, destroy: () => {} };
}
