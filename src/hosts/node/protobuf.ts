import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { fields } from '../../generated/fields.ts';
import table from './protobuf-fields.json' with { type: 'json' };

/** Media type of Kubernetes' own encoding, which Go clients send by default. */
export const protobufType = 'application/vnd.kubernetes.protobuf';

/** Four bytes before every such body. Kubernetes: apimachinery/pkg/runtime/serializer/protobuf. */
const magic = Buffer.from('k8s\0', 'latin1');

/** A body that is no such encoding, with what is wrong with it. */
export class ProtobufError extends Error {
  override name = 'ProtobufError';
}

/** One field of a message: where its value goes in JSON, and what it is. */
interface Field {
  readonly name: string;
  /** Type code of the field table; for any JSON, how its bytes are read. */
  readonly code: string;
  /** Message whose fields are this object's own. */
  readonly inlined: string | undefined;
  /** A zero is as if it had not been said. */
  readonly dropsZero: boolean;
}

type Message = Record<string, unknown>;

/** Pure cache over the table: model, and around it the model whose types it shares → field number → field. */
const plans = new Map<string, ReadonlyMap<number, Field>>();

function planOf(message: string, model: string): ReadonlyMap<number, Field> {
  const key = `${message} ${model}`;
  let plan = plans.get(key);
  if (!plan) {
    const rows = (table as Readonly<Record<string, string>>)[message]?.split(' ') ?? [];
    plan = new Map(
      rows.map((row) => {
        const [, number = '', tilde, name = '', special, zero] = /^(\d+)(~?)([^:=]+)(?::(\w+))?(=?)$/.exec(row)!;
        const code = fields[model]?.[name] ?? '*';
        const spoken = special === undefined ? code : code.replace(/[*t]$/, `#${special}`);
        return [Number(number), { name, code: spoken, inlined: tilde ? name : undefined, dropsZero: zero === '=' }];
      }),
    );
    plans.set(key, plan);
  }
  return plan;
}

/** Calls back with each field of a message. */
function eachField(bytes: Uint8Array, take: (number: number, wire: WireType, reader: BinaryReader) => void): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    take(number, wire, reader);
  }
}

/** The first field of each number, by its number: small messages such as a time. */
function partsOf(bytes: Uint8Array): Map<number, number | Uint8Array> {
  const parts = new Map<number, number | Uint8Array>();
  eachField(bytes, (number, wire, reader) => {
    if (wire === WireType.LengthDelimited) parts.set(number, reader.bytes());
    else if (wire === WireType.Varint) parts.set(number, Number(reader.int64()));
    else reader.skip(wire, number);
  });
  return parts;
}

const textOf = (bytes: unknown): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('utf8') : '');
const jsonOf = (bytes: unknown): unknown => {
  const text = textOf(bytes);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
};

/** Seconds and nanoseconds since 1970, as JSON writes a Time or MicroTime; Go's zero time is null. */
function timeOf(bytes: Uint8Array, micro: boolean): string | null {
  const parts = partsOf(bytes);
  const seconds = (parts.get(1) as number | undefined) ?? 0;
  const nanos = (parts.get(2) as number | undefined) ?? 0;
  if (parts.size === 0) return null;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro ? `${text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${text}Z`;
}

/** Any JSON, in the four ways in which the API carries it. */
function anyOf(how: string, bytes: Uint8Array): unknown {
  const parts = partsOf(bytes);
  switch (how) {
    case '#orBool': // a schema, or whether anything is allowed
      return parts.has(2) ? structOf('V1JSONSchemaProps', parts.get(2) as Uint8Array) : parts.get(1) === 1;
    case '#orArray':
    case '#orStrings': {
      if (parts.has(1)) return structOf('V1JSONSchemaProps', parts.get(1) as Uint8Array);
      const list: unknown[] = [];
      eachField(bytes, (number, wire, reader) => {
        if (number !== 2) reader.skip(wire, number);
        else list.push(how === '#orArray' ? structOf('V1JSONSchemaProps', reader.bytes()) : reader.string());
      });
      return list;
    }
    default:
      return jsonOf(parts.get(1));
  }
}

/** One value of a type code. */
function valueOf(code: string, wire: WireType, reader: BinaryReader): unknown {
  switch (code[0]) {
    case 's':
      return reader.string();
    case 'i':
    case 'l':
      return Number(reader.int64());
    case 'n':
      return reader.double();
    case 'b':
      return reader.bool();
    case 'y':
      return Buffer.from(reader.bytes()).toString('base64');
    case 't':
      return timeOf(reader.bytes(), false);
    case 'q':
      return textOf(partsOf(reader.bytes()).get(1)) || '0';
    case '?': {
      const parts = partsOf(reader.bytes());
      return parts.get(1) === 1 ? textOf(parts.get(3)) : (parts.get(2) ?? 0);
    }
    case '!':
      return structOf(code.slice(1), reader.bytes());
    case '[': {
      // A list that is a value of a map has a message of its own.
      const list: unknown[] = [];
      eachField(reader.bytes(), (_, inner, items) => list.push(valueOf(code.slice(1), inner, items)));
      return list;
    }
    case '#':
      return code === '#micro' ? timeOf(reader.bytes(), true) : anyOf(code, reader.bytes());
    default:
      return wire === WireType.LengthDelimited ? jsonOf(partsOf(reader.bytes()).get(1)) : reader.skip(wire);
  }
}

/** Sets the fields that some bytes carry. `model` has the types of `message`, which may be a part that is inlined there. */
function fill(object: Message, message: string, model: string, bytes: Uint8Array): void {
  const plan = planOf(message, model);
  eachField(bytes, (number, wire, reader) => {
    const field = plan.get(number);
    if (!field) {
      reader.skip(wire, number);
      return;
    }
    const { name, code, inlined, dropsZero } = field;
    if (inlined !== undefined) fill(object, inlined, model, reader.bytes());
    else if (code[0] === '[') {
      const list = (Object.hasOwn(object, name) ? object[name] : (object[name] = [])) as unknown[];
      list.push(valueOf(code.slice(1), wire, reader));
    } else if (code[0] === '{') {
      const map = (Object.hasOwn(object, name) ? object[name] : (object[name] = {})) as Message;
      let key = '';
      let value: unknown = emptyOf(code.slice(1));
      eachField(reader.bytes(), (part, inner, entry) => {
        if (part === 1) key = entry.string();
        else value = valueOf(code.slice(1), inner, entry);
      });
      // A key such as `__proto__` is data like any other.
      Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
    } else {
      const value = valueOf(code, wire, reader);
      if (value === undefined || value === null || (dropsZero && !value)) return;
      object[name] = value;
    }
  });
}

/** The value of a map's entry that brings none. */
const emptyOf = (code: string): unknown => (code[0] === 's' || code[0] === 'y' ? '' : code[0] === '!' ? {} : undefined);

function structOf(model: string, bytes: Uint8Array): Message {
  const object: Message = {};
  fill(object, model, model, bytes);
  return object;
}

/** `apps/v1`, `Deployment` → `V1Deployment`; where several groups have such a kind, `EventsV1Event`. */
function modelOf(apiVersion: string, kind: string): string | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const capital = (text = ''): string => text.charAt(0).toUpperCase() + text.slice(1);
  const names = [
    `${capital(group!.split('.')[0])}${capital(version)}${kind}`,
    `${capital(version)}${kind}`,
    `V1${kind}`,
  ];
  return names.find((name) => name in table);
}

/**
 * A body in Kubernetes' protobuf encoding, as the value that the same client would send as JSON. Throws `ProtobufError`.
 * Kubernetes: apimachinery/pkg/runtime/generated.proto Unknown.
 */
export function decodeProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  try {
    const unknown = partsOf(body.subarray(magic.length));
    const type = partsOf((unknown.get(1) as Uint8Array | undefined) ?? new Uint8Array());
    const [apiVersion, kind] = [textOf(type.get(1)), textOf(type.get(2))];
    const model = modelOf(apiVersion, kind);
    if (!model) throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}"`);
    const object: Message = { apiVersion, kind };
    fill(object, model, model, (unknown.get(2) as Uint8Array | undefined) ?? new Uint8Array());
    return object;
  } catch (error) {
    throw error instanceof ProtobufError ? error : new ProtobufError((error as Error).message);
  }
}
