import type { Environment } from '@marcbachmann/cel-js';
import { valuesOf, type Schema } from '../../apis/apiextensions/schema.ts';
import { escaped } from './values.ts';

/**
 * Declares the types of a schema; returns the name of its own. Every object is a type of its own, so that a rule cannot name a
 * field that is not there. Kubernetes: apiserver/pkg/cel/common/schemas.go SchemaDeclType.
 */
export function declareType(env: Environment, schema: Schema, name: string): string {
  if (schema['x-kubernetes-int-or-string']) return 'dyn';
  switch (schema.type) {
    case 'integer':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'string':
      if (schema.format === 'date-time' || schema.format === 'date') return 'google.protobuf.Timestamp';
      if (schema.format === 'duration') return 'google.protobuf.Duration';
      return schema.format === 'byte' ? 'bytes' : 'string';
    case 'array':
      return schema.items ? `list<${declareType(env, schema.items, `${name}.@idx`)}>` : 'list';
    case 'object': {
      const values = valuesOf(schema);
      if (values) return `map<string, ${declareType(env, values, `${name}.@elem`)}>`;
      return schema.properties ? declareObject(env, schema, name) : 'dyn';
    }
    default:
      return 'dyn';
  }
}

/** Names of types must be such that the compiler can read them. */
const typeName = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_');

function declareObject(env: Environment, { properties = {} }: Schema, name: string): string {
  const fields: Record<string, string> = {};
  for (const [key, property] of Object.entries(properties)) {
    const field = escaped(key);
    if (field !== undefined) fields[field] = declareType(env, property, `${name}.${key}`);
  }
  const type = typeName(name);
  env.registerType({ name: type, fields });
  env.registerOperator(`${type} == ${type}`, () => true);
  return type;
}
