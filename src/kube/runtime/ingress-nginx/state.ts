import type { EventMemory } from '../../client/index.ts';
import type { Connect } from '../../network/net.ts';
import type { Classes, Location, Routes } from './routes.ts';

/** What the controller remembers: plain data in its container. */
export interface State {
  readonly classes: Classes;
  /** `--publish-service`: whose addresses are written into the status of Ingresses. */
  readonly publish: string | undefined;
  /** `--publish-status-address`: written instead, as given. */
  readonly statusAddress: string | undefined;
  /** The configuration that nginx runs with. Frozen. */
  routes: Routes;
  /** Services that it names. */
  services: ReadonlySet<string>;
  /** When it began; it has not while the caches are empty. */
  listening: boolean;
  readonly startedAt: number;
  /** When the configuration was last worked out, and whether it is to be again. */
  syncedAt: number;
  syncWanted: boolean;
  statusWanted: boolean;
  /** Service port → how many requests it has got: whose turn is next. */
  readonly turns: Map<string, number>;
  /** Requests that wait for their upstream, by a number of their own. */
  readonly pending: Map<number, Pending>;
  lastRequest: number;
  readonly events: EventMemory;
}

/** A request that was passed on. */
export interface Pending {
  readonly connect: Connect;
  readonly location: Location;
  /** The path that the upstream sees. */
  readonly path: string;
  readonly host: string;
  readonly certificate: string | undefined;
  readonly startedAt: number;
  /** Endpoints tried so far, the present one last. */
  readonly tried: readonly string[];
}
