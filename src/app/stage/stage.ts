import type { Stage, StageOptions } from './contract.ts';

/** Mounts a stage into `host`. */
export function createStage(host: HTMLElement, options: StageOptions): Stage {
  void options;
  const element = host.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'svg');
  host.append(element);
  return {
    update: () => {},
    focus: () => {},
    zoomTo: () => {},
    zoomBy: () => {},
    reveal: () => {},
    svg: () => new XMLSerializer().serializeToString(element),
    destroy: () => element.remove(),
  };
}
