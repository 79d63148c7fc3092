import { describe, expect, test } from 'vitest';
import { deepFreeze } from '../../kernel/index.ts';
import { openServer } from '../../testing/golden.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import { parseManifests } from '../apimachinery/yaml.ts';
import { kubectl } from '../kubectl/index.ts';
import { toYaml } from '../kubectl/printers/yaml.ts';
import { kindFor, kinds } from './index.ts';
import type { AnyKind } from './kind.ts';

/** The contract of a kind's record, for every kind of the list: a new kind is held to it by its line there. */
describe.each(kinds.map((kind) => [kind.kind, kind as unknown as AnyKind] as const))('%s', (_, kind) => {
  const example = kind.example as KubeObject;
  const namespace = kind.namespaced ? 'default' : undefined;
  const create = (body: unknown) => {
    const server = openServer();
    const request = { verb: 'create', resource: kind.key, namespace, body, options: { fieldValidation: 'Strict' } };
    return server.api.request(server.ctx, 'you', request as never);
  };

  test('is found by what a manifest says, under names that are its own', () => {
    expect(kindFor(example.apiVersion, example.kind)).toBe(kind);
    const names = kinds.flatMap((k) => [k.resource, k.singular, ...k.shortNames]);
    for (const name of new Set([kind.resource, kind.singular, ...kind.shortNames]))
      expect(names.filter((other) => other === name).length, name).toBeLessThanOrEqual(
        kind.resource === kind.singular ? 2 : 1,
      );
  });

  test('its example is accepted as it stands, and so is what was made of it', () => {
    const made = create(example);
    expect(made).toMatchObject({ code: 201, body: { kind: kind.kind, metadata: { name: example.metadata.name } } });
    const { metadata, status: _, ...rest } = made.body as KubeObject;
    const { name, labels, annotations } = metadata;
    const again = create({ ...rest, metadata: { name, labels, annotations } });
    expect(again.code, JSON.stringify(again.body)).toBe(201);
  });

  test('defaulting its example twice changes nothing the second time, and nothing frozen', () => {
    const { metadata, ...rest } = structuredClone(example);
    const once = { ...deepFreeze(rest), metadata };
    kind.defaults(once);
    const twice = structuredClone(once);
    kind.defaults(twice);
    expect(twice).toEqual(once);
  });

  test('columns and references survive a minimal object', () => {
    const minimal = { apiVersion: example.apiVersion, kind: kind.kind, metadata: { name: 'bare', namespace } };
    for (const object of [minimal, { ...minimal, spec: {}, status: {} }, example]) {
      for (const column of kind.columns)
        expect(['string', 'number', 'boolean', 'undefined'], column.name).toContain(typeof column.cell(object, 0));
      expect(kind.refs?.(object) ?? []).toBeInstanceOf(Array);
    }
  });

  test('kubectl applies, lists and describes its example', () => {
    const { ctx, api } = openServer();
    const files = { 'm.yaml': toYaml(example) };
    for (const line of [
      'apply -f m.yaml',
      `get ${kind.resource} ${example.metadata.name} -o wide`,
      `describe ${kind.resource} ${example.metadata.name}`,
    ]) {
      const { exitCode, stdout, stderr } = kubectl(ctx, api, line, files, '');
      expect(exitCode, `${line}: ${stderr}`).toBe(0);
      expect(stdout).toContain('example');
    }
  });

  test('its example comes back from YAML as it went', () => {
    const { manifests, errors } = parseManifests(toYaml(example));
    expect(errors).toEqual([]);
    expect(manifests.map((manifest) => manifest.object)).toEqual([example]);
  });
});
