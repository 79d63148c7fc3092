import { describe, expect, it } from 'vitest';
import { maxManifestBytes, parseManifests } from './yaml.ts';

const value = (text: string): unknown => (parseManifests(`k: ${text}\n`).manifests[0]!.object as { k: unknown }).k;

describe('YAML as Kubernetes reads it', () => {
  it.each([
    ['yes', true],
    ['off', false],
    ['0644', 420],
    ['0o644', 420],
    ['08', 8],
    ['12:30', '12:30'],
    ['2024-01-01', '2024-01-01'],
    ['1e3', 1000],
    ['~', null],
    ['"yes"', 'yes'],
  ])('%s is %j', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('reads several documents and skips empty ones', () => {
    const { manifests, errors } = parseManifests('---\n# only a comment\n---\na: 1\n---\nb: 2\n');
    expect(errors).toEqual([]);
    expect(manifests.map((m) => m.object)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('finds a field by its path, keys with dots included', () => {
    const text =
      'metadata:\n  labels:\n    app.kubernetes.io/name: x\nspec:\n  containers:\n  - name: a\n    image: nginx\n';
    const doc = parseManifests(text).manifests[0]!;
    expect(doc.locate('spec.containers[0].image')).toMatchObject({ line: 7, column: 12, exact: true });
    expect(doc.locate('metadata.labels[app.kubernetes.io/name]')).toMatchObject({ line: 3, exact: true });
    expect(doc.locate('metadata.labels.app.kubernetes.io/name')).toMatchObject({ line: 3, exact: true });
    expect(doc.locate('spec.containers[0].ports[0].name')).toMatchObject({ line: 6, exact: false });
  });

  it('says where a text is wrong', () => {
    expect(parseManifests('a: 1\nb:\n\t- c\n').errors[0]).toMatchObject({
      line: 3,
      message: 'yaml: line 3: found character that cannot start any token',
    });
    expect(parseManifests('a: b: c\n').errors[0]?.message).toContain('mapping values are not allowed in this context');
    expect(parseManifests('ok: 1\n---\n{a: [}\n').manifests).toHaveLength(1);
  });

  it('warns of duplicate keys and takes the last', () => {
    const doc = parseManifests('a: 1\na: 2\n').manifests[0]!;
    expect(doc.object).toEqual({ a: 2 });
    expect(doc.warnings).toMatchObject([{ line: 2 }]);
  });

  it('refuses alias bombs, unresolved aliases and texts that are too long, quickly', () => {
    let bomb = 'a0: &a0 [x,x,x,x,x,x,x,x,x]\n';
    for (let i = 1; i < 10; i++)
      bomb += `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(',')}]\n`;
    expect(parseManifests(bomb).errors[0]?.message).toBe('yaml: document contains excessive aliasing');
    for (const deep of ['[', '{a: ', '- ', '? ']) {
      expect(parseManifests(deep.repeat(50_000)).errors[0]?.message).toBe('yaml: exceeded max depth');
    }
    expect(parseManifests('a: *nope\n').errors).toHaveLength(1);
    expect(parseManifests('x'.repeat(maxManifestBytes + 1)).errors[0]?.message).toContain('the limit is 1 MiB');
  });

  it('treats hostile keys as data', () => {
    const object = parseManifests('__proto__: {polluted: yes}\nconstructor: 1\n').manifests[0]!.object as object;
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
