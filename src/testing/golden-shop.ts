import type { CommandResult } from '../protocol/index.ts';
import { createSession, type Session } from '../session/index.ts';

/** An object as it was recorded. */
export interface ShopObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Nothing is behind the recorded image: here one runs that is known. */
export const [recordedImage, image] = ['registry.example/web:1.0', 'nginx:1.27'];

/** A cluster in which the recorded objects live, and its kubectl. */
export interface Shop {
  readonly session: Session;
  type(line: string, files?: Record<string, string>): CommandResult;
}

/**
 * The cluster from which tables and kubectl's output were recorded: three small nodes, namespace `shop`, and the given
 * objects, a minute old.
 */
export function openShop(objects: readonly ShopObject[]): Shop {
  const size = { nodes: 3, cpuMilli: 1000, memoryBytes: 3840 * 1024 ** 2 };
  const session = createSession({
    world: { seed: 1, ...size, storageClass: false, metricsServer: false },
    journal: [],
  });
  session.advance(5000);
  let printed: CommandResult | undefined;
  session.onObservation = (observation) => {
    if (observation.type === 'result') printed = observation;
  };
  const type = (line: string, files: Record<string, string> = {}): CommandResult => {
    session.input({ type: 'kubectl', line, files });
    return printed!;
  };
  type('create namespace shop');
  session.advance(session.now + 1000);
  // One after the other: what limits pods came when the pods were there.
  for (const object of objects) {
    type('apply -n shop -f m.json', { 'm.json': JSON.stringify(object).replaceAll(recordedImage, image) });
    session.advance(session.now + 500);
  }
  session.advance(session.now + 60_000);
  return { session, type };
}
