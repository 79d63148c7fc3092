import type { V1CustomResourceDefinition, V1CustomResourceDefinitionVersion } from '../../../generated/types.ts';
import { deepFreeze } from '../../../kernel/index.ts';
import type { KubeObject } from '../../apimachinery/meta.ts';
import type { AnyKind } from '../kind.ts';
import { customColumns } from './columns.ts';
import { isConditionTrue } from './customresourcedefinition.ts';
import { defaulted, pruned, type Schema } from './schema.ts';
import { compareVersions } from './versions.ts';

type Definition = V1CustomResourceDefinition;
type Version = V1CustomResourceDefinitionVersion;

/** What a kind that a CustomResourceDefinition declares has beside the record of any kind. */
export interface CustomKind {
  readonly schema: Schema;
  /** Whether this version is answered for; one that is not may still be what is stored. */
  readonly served: boolean;
  /** The definition is being deleted: nothing is created any more. */
  readonly terminating: boolean;
  readonly listKind: string;
  /** Fields beside name and namespace by which its objects can be selected. */
  readonly selectable: readonly string[];
  /** Where `/scale` finds its numbers: `.spec.replicas`. */
  readonly scale: { readonly spec: string; readonly status: string; readonly selector: string | undefined } | undefined;
  /** Said to whoever uses a version that will go. */
  readonly deprecation: string | undefined;
  /** The same record with the key under which the objects of all versions lie in the store: the definition's name. */
  readonly inStore: AnyKind;
  /** A stored object as this version shows it. Objects are stored in the version in which they were written. */
  shown(object: KubeObject): KubeObject;
}

/** A pure cache over frozen definitions. */
const known = new WeakMap<Definition, readonly AnyKind[]>();

/** The kinds that a definition declares, one for each version; none before its names are accepted. */
export function kindsOf(definition: Definition): readonly AnyKind[] {
  let kinds = known.get(definition);
  if (!kinds) {
    const established = isConditionTrue(definition, 'Established');
    kinds = established ? definition.spec.versions.map((version) => recordOf(definition, version)) : [];
    if (Object.isFrozen(definition)) known.set(definition, kinds);
  }
  return kinds;
}

const openSchema: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** The record of one version. The stored one has the definition's name as its key, others bear their version: `crontabs.v2.example.com`. */
function recordOf(definition: Definition, version: Version): AnyKind {
  const { group, scope, preserveUnknownFields } = definition.spec;
  const { plural, singular = '', kind, listKind, shortNames = [], categories = [] } = definition.status!.acceptedNames!;
  const { name, subresources, deprecated, deprecationWarning, selectableFields = [] } = version;
  const schema = preserveUnknownFields ? openSchema : ((version.schema?.openAPIV3Schema as Schema) ?? openSchema);
  const { scale, status } = subresources ?? {};
  const apiVersion = `${group}/${name}`;
  const record: Omit<AnyKind, 'custom'> = {
    group,
    version: name,
    kind,
    resource: plural,
    key: `${plural}.${group}`,
    singular,
    shortNames,
    categories,
    namespaced: scope === 'Namespaced',
    model: 'V1ObjectMeta',
    statusSubresource: status !== undefined,
    scale: scale !== undefined,
    generation: true,
    columns: customColumns(version.additionalPrinterColumns),
    example: { apiVersion, kind, metadata: { name: 'example' } },
    storedOnly: [],
    defaults: (object) => void Object.assign(object as object, defaulted(object, schema)),
    ...(status !== undefined && {
      prepareForCreate: (object: unknown) => void Reflect.deleteProperty(object as object, 'status'),
    }),
    // The API server validates: nobody else needs the code that does.
    validate: () => [],
    validateUpdate: () => [],
  };
  const custom: Omit<CustomKind, 'inStore'> = {
    schema,
    served: version.served,
    terminating: isConditionTrue(definition, 'Terminating'),
    listKind: listKind || `${kind}List`,
    selectable: selectableFields.map(({ jsonPath }) => jsonPath.slice(1)),
    scale: scale && {
      spec: scale.specReplicasPath,
      status: scale.statusReplicasPath,
      selector: scale.labelSelectorPath,
    },
    deprecation: deprecated ? (deprecationWarning ?? deprecationOf(definition, name, kind)) : undefined,
    shown: showing(apiVersion, schema),
  };
  const inStore = { ...record } as { -readonly [K in keyof AnyKind]: AnyKind[K] };
  inStore.custom = { ...custom, inStore };
  return version.storage ? inStore : { ...inStore, key: `${plural}.${name}.${group}` };
}

/** Kubernetes: apiextensions-apiserver/pkg/apiserver/customresource_handler.go defaultDeprecationWarning. */
function deprecationOf({ spec: { group, versions } }: Definition, version: string, kind: string): string {
  const [better] = versions
    .filter(({ served, deprecated, name }) => served && !deprecated && compareVersions(version, name) < 0)
    .sort((a, b) => compareVersions(b.name, a.name));
  return `${group}/${version} ${kind} is deprecated${better ? `; use ${group}/${better.name} ${kind}` : ''}`;
}

/**
 * Shows what is stored as this version has it: with today's defaults and fields, and converted as the strategy None does, by its
 * apiVersion alone. What is right already is shown as it is.
 */
function showing(apiVersion: string, schema: Schema): CustomKind['shown'] {
  const known = new WeakMap<KubeObject, KubeObject>();
  return (object) => {
    let shown = known.get(object);
    if (!shown) {
      const whole = defaulted(pruned(object, schema, []), schema) as KubeObject;
      shown = whole.apiVersion === apiVersion ? whole : { ...whole, apiVersion };
      if (shown !== object) deepFreeze(shown);
      known.set(object, shown);
    }
    return shown;
  };
}
