import { customName, customSchemas } from '../../apis/apiextensions/published.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';
import { kindByWord } from '../resources.ts';
import { schemas, type Definitions, type FieldSchema } from '../schema.ts';
import { wordWrap } from '../printers/wrap.ts';

/** `kubectl explain TYPE.FIELD… [--recursive]`. Kubernetes: kubectl/pkg/explain/v2, its plaintext template. */
export const explain: Command = {
  name: 'explain',
  flags: {
    flags: { recursive: 'boolean', 'api-version': 'string', output: 'string' },
    short: { R: 'recursive', o: 'output' },
  },
  run(run) {
    const [asked, ...more] = run.args.positional;
    if (asked === undefined)
      throw new UsageError('error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.'); // prettier-ignore
    if (more.length > 0) throw new UsageError('error: We accept only this format: explain RESOURCE');
    const output = run.flag('output') ?? 'plaintext';
    if (!output.startsWith('plaintext')) throw new UsageError(`error: unrecognized format: ${output}`);
    const definitions = schemas();
    if (!definitions) throw new UsageError('error: the schemas have not been loaded yet: ask again');
    const { kind, path } = readPath(run, asked);
    run.out(`${kind.group && `GROUP:      ${kind.group}\n`}KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n`);
    const text = outputOf({ definitions, recursive: run.has('recursive') }, schemaOf(kind), path, new Set());
    if (text === undefined) throw new UsageError(`error: field "${path.at(-1) ?? ''}" does not exist`);
    run.out(`${text}\n`);
  },
};

const refPrefix = '#/definitions/';
const ref = (model: string): FieldSchema => ({ $ref: refPrefix + model });

/** What is known of a kind: its model, or what its definition publishes. */
const schemaOf = (kind: AnyKind): FieldSchema =>
  kind.custom
    ? (customSchemas(kind, `${refPrefix}V1ObjectMeta`, '', () => '')[customName(kind)] as FieldSchema)
    : ref(kind.model);

interface Explaining {
  readonly definitions: Definitions;
  readonly recursive: boolean;
}

/** `deploy.spec.replicas` → the kind and the path; a type may bear its group: `deployments.apps.spec` is not understood, as there. */
function readPath(run: Invocation, asked: string): { kind: AnyKind; path: readonly string[] } {
  const [word = '', ...path] = asked.split('.').filter((part) => part !== '');
  let kind: AnyKind;
  try {
    kind = kindByWord(run, word);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`the server doesn't have a resource type "${word}"`);
    throw error;
  }
  const wanted = run.flag('api-version');
  if (!wanted) return { kind, path };
  const [group, version] = wanted.includes('/') ? wanted.split('/') : ['', wanted];
  const found = run.kinds.all.find(
    (each) => each.kind === kind.kind && each.group === group && each.version === version,
  );
  if (!found)
    throw new UsageError(`error: couldn't find resource for "${group}/${version}, Resource=${kind.resource}"`);
  return { kind: found, path };
}

const resolved = ({ definitions }: Explaining, schema: FieldSchema): FieldSchema =>
  schema.$ref === undefined ? schema : (definitions[schema.$ref.slice(refPrefix.length)] ?? {});

const valuesOf = ({ additionalProperties }: FieldSchema): FieldSchema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

/** What is printed of the schema at the end of a path; undefined where the path leads nowhere. */
function outputOf(
  explaining: Explaining,
  schema: FieldSchema,
  path: readonly string[],
  seen: ReadonlySet<string>,
): string | undefined {
  const here = resolved(explaining, schema);
  const [first, ...rest] = path;
  if (first === undefined) {
    const about = wordWrap(descriptionOf(explaining, schema) || '<empty>', 76);
    const fields = fieldList(explaining, schema, 1, new Set());
    return `DESCRIPTION:\n${indented(about, 4)}\n${fields && `FIELDS:\n${fields}`}`;
  }
  if (schema.$ref !== undefined && seen.has(schema.$ref)) return undefined;
  const next = new Set(schema.$ref === undefined ? seen : [...seen, schema.$ref]);
  const property = here.properties && Object.hasOwn(here.properties, first) ? here.properties[first] : undefined;
  if (property) {
    const head =
      rest.length > 0 ? '' : `FIELD: ${first} <${typeGuess(explaining, property)}>\n${longEnum(property)}\n\n`;
    const text = outputOf(explaining, property, rest, new Set());
    return text === undefined ? undefined : head + text;
  }
  const inner = here.items ?? valuesOf(here);
  if (inner) return outputOf(explaining, inner, path, next);
  for (const each of here.allOf ?? []) {
    const text = outputOf(explaining, each, path, next);
    if (text !== undefined) return text;
  }
  return undefined;
}

const indented = (text: string, amount: number): string => {
  const pad = ' '.repeat(amount);
  return pad + text.replaceAll('\n', `\n${pad}`);
};

/** The words about a schema, and about what its items or values are. */
function descriptionOf(explaining: Explaining, schema: FieldSchema): string {
  const here = resolved(explaining, schema);
  const inner = [...(here.allOf ?? []), here.items, valuesOf(here)].filter((each) => each !== undefined);
  return `${here.description ? `${here.description}\n` : ''}${inner.map((each) => descriptionOf(explaining, each)).join('')}`;
}

function fieldList(explaining: Explaining, schema: FieldSchema, level: number, seen: ReadonlySet<string>): string {
  if (schema.$ref !== undefined && seen.has(schema.$ref)) return '';
  const next = new Set(schema.$ref === undefined ? seen : [...seen, schema.$ref]);
  const here = resolved(explaining, schema);
  const own = Object.entries(here.properties ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => {
      const detail = fieldDetail(explaining, here, name, field, level);
      return explaining.recursive ? detail + fieldList(explaining, field, level + 1, next) : detail;
    });
  const inner = [...(here.allOf ?? []), here.items, valuesOf(here)].filter((each) => each !== undefined);
  return own.join('') + inner.map((each) => fieldList(explaining, each, level, next)).join('');
}

function fieldDetail(
  explaining: Explaining,
  parent: FieldSchema,
  name: string,
  field: FieldSchema,
  level: number,
): string {
  const indent = level * 2;
  const required = parent.required?.includes(name) ? ' -required-' : '';
  const line = `${indented(name, indent)}\t<${typeGuess(explaining, field)}>${required}${shortEnum(field, indent)}\n`;
  if (explaining.recursive) return line;
  return `${line}${indented(wordWrap(field.description || '<no description>', 78 - indent), indent + 2)}\n\n`;
}

function typeGuess(explaining: Explaining, schema: FieldSchema): string {
  if (schema.items) return `[]${typeGuess(explaining, schema.items)}`;
  const values = valuesOf(schema);
  if (values) return `map[string]${typeGuess(explaining, values)}`;
  if (schema.allOf?.length === 1 && !schema.properties) return typeGuess(explaining, schema.allOf[0]!);
  if (schema.$ref !== undefined) {
    const { type } = resolved(explaining, schema);
    return type && type !== 'object' ? type : shortName(schema.$ref.slice(refPrefix.length));
  }
  return !schema.type || schema.type === 'object' ? 'Object' : schema.type;
}

/** `V1Container` → `Container`. */
const shortName = (model: string): string =>
  model.replace(/^V\d+((alpha|beta)\d+)?|^(Core|Apps|Discovery|Events)?V1/, '');

const enumWord = (value: unknown): string => (value === '' ? '""' : String(value));

const longEnum = ({ enum: values }: FieldSchema): string =>
  values ? `ENUM:${values.map((value) => `\n    ${enumWord(value)}`).join('')}` : '';

/** At most four values fit into a line. */
function shortEnum({ enum: values }: FieldSchema, indent: number): string {
  if (!values) return '';
  return `\n${' '.repeat(indent)}enum: ${values.slice(0, 4).map(enumWord).join(', ')}${values.length > 4 ? ', ....' : ''}`;
}
