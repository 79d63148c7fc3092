/**
 * The stage: the picture of the cluster. `createStage` puts it into a host element; the page calls `update` with
 * what is so now. D3 draws it, React never looks inside.
 */
export type {
  GroupFacts,
  MenuCause,
  NodeFacts,
  Objects,
  PodFacts,
  ServiceFacts,
  Stage,
  StageCaption,
  StageLabels,
  StageOptions,
  StageRef,
  StageView,
  StageZoom,
  ZoomLevel,
} from './contract.ts';
export { createStage } from './stage.ts';
export { stageLabelsEn } from './labels-en.ts';
export { stageLabelsKo } from './labels-ko.ts';
