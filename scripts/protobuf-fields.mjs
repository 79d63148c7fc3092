// Writes src/hosts/node/protobuf-fields.json: which number each field of the API has in Kubernetes' protobuf encoding.
// The numbers stand only in the struct tags of Kubernetes' Go sources, so this reads a copy of them:
//   node scripts/protobuf-fields.mjs DIR     where DIR holds api, apimachinery and apiextensions-apiserver (staging/src/k8s.io)
// Why committed: nothing that npm can fetch carries these facts. Types are not repeated: src/generated/fields.ts has them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import './generate.mjs';
import { loadTs } from './load-ts.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [, , dir] = process.argv;
if (!dir) throw new Error('usage: node scripts/protobuf-fields.mjs DIR');
const { fields } = await loadTs('src/generated/fields.ts');

const groups =
  `admissionregistration/v1 apps/v1 authentication/v1 authorization/v1 autoscaling/v1 autoscaling/v2 batch/v1
certificates/v1 coordination/v1 core/v1 discovery/v1 events/v1 flowcontrol/v1 networking/v1 node/v1 policy/v1 rbac/v1
scheduling/v1 storage/v1`.split(/\s+/);
const packages = [
  ...groups.map((each) => [each.split('/')[0], each.split('/')[1], `api/${each}`]),
  ['meta', 'v1', 'apimachinery/pkg/apis/meta/v1'],
  ['apiextensions', 'v1', 'apiextensions-apiserver/pkg/apis/apiextensions/v1'],
];

/** What is any JSON to the field table, by its Go type: how its bytes are read. */
const special = {
  JSON: 'raw',
  RawExtension: 'raw',
  FieldsV1: 'raw',
  JSONSchemaPropsOrBool: 'orBool',
  JSONSchemaPropsOrArray: 'orArray',
  JSONSchemaPropsOrStringArray: 'orStrings',
  MicroTime: 'micro',
};

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const table = {};
for (const [group, version, folder] of packages) {
  /** The name of a struct's row: its model, or for a part that is inlined everywhere its own name. */
  const nameOf = (type) => {
    const own = `${capital(group)}${capital(version)}${type}`;
    return fields[own] ? own : `${capital(version)}${type}`;
  };
  const full = path.join(dir, folder);
  for (const file of readdirSync(full).filter((name) => /^types.*\.go$/.test(name) && !name.includes('swagger'))) {
    const text = readFileSync(path.join(full, file), 'utf8');
    for (const [, struct, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      const model = nameOf(struct);
      const rows = [];
      for (const line of body.split('\n')) {
        const found = /^\s*(?:(\w+)\s+)?(\*?[\w.[\]*]+)\s+`(.*?)`/.exec(line);
        const number = found && /protobuf:"\w+,(\d+)/.exec(found[3])?.[1];
        if (!number || line.trim().startsWith('//')) continue;
        const [, , type, tags] = found;
        const [json, ...options] = /json:"([^"]*)"/.exec(tags)?.[1]?.split(',') ?? ['-'];
        if (json === '-') continue;
        const base = type.replace(/^.*[\].*]/, '');
        if (options.includes('inline')) {
          rows.push(`${number}~${nameOf(base)}`);
          continue;
        }
        const code = fields[model]?.[json];
        // A zero that Go's JSON would leave out is left out; behind a pointer it was said on purpose.
        const bare = /^[\w.]+$/.test(type) && options.includes('omitempty') && (!code || 'silnb'.includes(code[0]));
        rows.push(`${number}${json}${special[base] ? `:${special[base]}` : ''}${bare ? '=' : ''}`);
      }
      if (rows.length > 0) table[model] = rows.join(' ');
    }
  }
}
/** Only what a served object can reach: a model of the field table, or a part that some row inlines. */
const inlined = new Set(Object.values(table).flatMap((row) => [...row.matchAll(/~(\w+)/g)].map((found) => found[1])));
const kept = Object.entries(table).filter(([model]) => fields[model] || inlined.has(model));
kept.sort(([a], [b]) => (a < b ? -1 : 1));
const text = JSON.stringify(Object.fromEntries(kept), null, 2);
writeFileSync(path.join(root, 'src/hosts/node/protobuf-fields.json'), `${text}\n`);
console.log(`${kept.length} models, ${text.length} characters`);
