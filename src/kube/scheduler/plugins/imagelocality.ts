import type { Plugin } from '../framework.ts';
import type { ImageSpread } from '../cluster-view.ts';

const mebibyte = 1024 * 1024;
const minThreshold = 23 * mebibyte;
const maxContainerThreshold = 1000 * mebibyte;

interface State {
  /** Images of the pod that some node has, with the points a node gets for having it. */
  readonly points: readonly { readonly image: string; readonly points: number }[];
  readonly containers: number;
}

/** `nginx` → `nginx:latest`, as the kubelet reports it. */
const normalized = (image: string): string =>
  image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;

/** Size times the share of nodes that have it, so that an image on one node does not draw all pods there. */
const pointsOf = (image: ImageSpread, allNodes: number): number =>
  Math.floor(image.sizeBytes * (image.nodes / allNodes));

/** Prefers nodes that have the pod's images already. Kubernetes: pkg/scheduler/framework/plugins/imagelocality. */
export const imageLocality: Plugin<State> = {
  name: 'ImageLocality',
  weight: 1,
  wakes: [],
  cluster: {
    prepareScore({ profile, view }) {
      const points: { image: string; points: number }[] = [];
      for (const name of profile.images) {
        const image = normalized(name);
        const spread = view.images.get(image);
        if (spread) points.push({ image, points: pointsOf(spread, view.nodes.length) });
      }
      return points.length === 0 ? 'skip' : { state: { points, containers: profile.images.length } };
    },
    score({ points, containers }, node) {
      let sum = 0;
      for (const { image, points: worth } of points) if (node.images[image] !== undefined) sum += worth;
      const max = maxContainerThreshold * containers;
      const clamped = Math.min(Math.max(sum, minThreshold), max);
      return Math.floor((100 * (clamped - minThreshold)) / (max - minThreshold));
    },
  },
};
