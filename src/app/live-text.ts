import type { Document, Node as YamlNode, Pair } from 'yaml';
import type { KubeObject, Preview } from '../protocol/index.ts';

/** What kubectl noted of the apply before: fields that are no longer in the text were once. */
function lastApplied(live: KubeObject): unknown {
  const note = live.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'];
  try {
    return note === undefined ? undefined : (JSON.parse(note) as unknown);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const own = (value: unknown, key: string | number): unknown =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined;

/**
 * The text as it would read if it described the live objects: the same lines and comments, with live values where they
 * differ, without what the live object lacks, and with what an earlier apply set and the text has dropped. Beside the
 * text it shows what an apply would change and nothing else. A document whose object does not exist is empty.
 */
export async function liveText(text: string, preview: Preview): Promise<string> {
  const yaml = await import('yaml');
  const documents = yaml.parseAllDocuments(text, { version: '1.1', merge: true, uniqueKeys: false });
  if (!Array.isArray(documents)) return '';

  const bring = (doc: Document, node: unknown, live: unknown, before: unknown): void => {
    if (yaml.isMap(node)) {
      node.items = node.items.filter(
        (pair: Pair) => own(live, String(yaml.isScalar(pair.key) ? pair.key.value : pair.key)) !== undefined,
      );
      for (const pair of node.items) {
        const key = String(yaml.isScalar(pair.key) ? pair.key.value : pair.key);
        const value = own(live, key);
        if (fits(pair.value, value)) bring(doc, pair.value, value, own(before, key));
        else pair.value = doc.createNode(value);
      }
      for (const key of isRecord(before) ? Object.keys(before) : [])
        if (!node.has(key) && own(live, key) !== undefined) node.set(key, doc.createNode(own(live, key)));
    } else if (yaml.isSeq(node) && Array.isArray(live)) {
      node.items.length = Math.min(node.items.length, live.length);
      for (const [i, item] of node.items.entries()) {
        if (fits(item, live[i])) bring(doc, item, live[i], own(before, i));
        else node.items[i] = doc.createNode(live[i]);
      }
      if (Array.isArray(before))
        for (const more of live.slice(node.items.length, before.length)) node.items.push(doc.createNode(more));
    } else if (yaml.isScalar(node) && node.value !== live) {
      node.value = live;
      delete node.source;
    }
  };
  /** Whether a node can be kept for a live value: aliases and other shapes are written anew. */
  const fits = (node: unknown, live: unknown): node is YamlNode =>
    (yaml.isMap(node) && isRecord(live)) ||
    (yaml.isSeq(node) && Array.isArray(live)) ||
    (yaml.isScalar(node) && (live === null || typeof live !== 'object'));

  // As the text is written: a difference in blanks is none.
  const style = {
    lineWidth: 0,
    flowCollectionPadding: /\{ /.test(text),
    indentSeq: !/^( *)[^ #-].*:\n\1- /m.test(text),
  };
  const shown = documents.map((doc, index) => {
    const known = preview.documents.find((each) => each.index === index);
    if (!known?.live) return '';
    bring(doc, doc.contents, known.live, lastApplied(known.live));
    return doc.toString(style);
  });
  return shown.map((part, i) => (i > 0 && !part.startsWith('---') ? `---\n${part}` : part)).join('');
}
