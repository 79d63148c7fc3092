import { isReason, type KubeObject } from '../../apimachinery/index.ts';
import type { Command, Invocation, ManifestObject } from '../command.ts';
import { readManifests } from '../manifests.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';

/** Annotation in which kubectl keeps what was applied last. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** `kubectl apply -f`: creates what is missing, patches what differs. */
export const apply: Command = {
  name: 'apply',
  flags: {
    flags: { filename: 'list', 'dry-run': 'string', 'server-side': 'boolean', validate: 'string' },
    short: { f: 'filename' },
  },
  run(run) {
    const paths = run.args.flags.get('filename') ?? [];
    if (paths.length === 0) throw new UsageError('error: must specify one of -f and -k');
    for (const item of readManifests(run, paths)) {
      try {
        run.out(`${applyOne(run, item)}\n`);
      } catch (error) {
        run.refuse(item.document, error, '');
      }
    }
  },
};

function applyOne(run: Invocation, { object, kind, namespace }: ManifestObject): string {
  const name = object.metadata.name;
  const annotation = `${JSON.stringify(object)}\n`;
  const wanted: KubeObject = {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [lastApplied]: annotation } },
  };
  let live: KubeObject;
  try {
    live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    run.request({ verb: 'create', resource: kind.key, namespace, body: wanted });
    return `${identity(kind, name)} created`;
  }
  if (live.metadata.annotations?.[lastApplied] === annotation) return `${identity(kind, name)} unchanged`;
  run.request({
    verb: 'update',
    resource: kind.key,
    namespace,
    name,
    body: { ...live, ...wanted, metadata: { ...live.metadata, ...wanted.metadata } },
  });
  return `${identity(kind, name)} configured`;
}
