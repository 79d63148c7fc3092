import { renderJsonPath } from '../apimachinery/jsonpath.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import { UsageError } from './parse.ts';

/** What `--for` names. */
export type Condition =
  | { readonly how: 'delete' }
  | { readonly how: 'create' }
  | { readonly how: 'condition'; readonly type: string; readonly status: string }
  | { readonly how: 'jsonpath'; readonly path: string; readonly value: string | undefined };

const jsonPathForm =
  "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";

/** Reads a value of `--for`. Kubernetes: kubectl/pkg/cmd/wait conditionFuncsFor. */
export function parseFor(text: string): Condition {
  const lower = text.toLowerCase();
  if (lower === 'delete' || lower === 'create') return { how: lower };
  if (text.startsWith('condition=')) {
    const [, type = '', status = 'true'] = /^([^=]*)(?:=(.*))?$/s.exec(text.slice('condition='.length)) ?? [];
    return { how: 'condition', type, status };
  }
  if (!text.startsWith('jsonpath=')) throw new UsageError(`error: unrecognized condition: ${JSON.stringify(text)}`);
  const [path = '', value, ...more] = splitOnSingle(text.slice('jsonpath='.length));
  if (more.length > 0) throw new UsageError(jsonPathForm);
  if (path === '') throw new UsageError('error: jsonpath expression cannot be empty');
  const bare = value?.replace(/^['"]+|['"]+$/g, '');
  if (bare === '')
    throw new UsageError("error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"); // prettier-ignore
  const relaxed = /^\{.*\}$/s.test(path) ? path : `{${path.startsWith('.') ? '' : '.'}${path}}`;
  return { how: 'jsonpath', path: relaxed, value: bare };
}

/** Splits at each `=` that does not stand beside another. */
function splitOnSingle(text: string): string[] {
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '=') parts.push(`${parts.pop()}${text[i]}`);
    else if (text[i + 1] === '=') {
      parts.push(`${parts.pop()}==`);
      i++;
    } else parts.push('');
  }
  return parts;
}

/** Whether what is waited for is so of an object, or of none. */
export function holds(wanted: Condition, object: KubeObject | undefined): boolean {
  if (wanted.how === 'delete') return object === undefined;
  if (wanted.how === 'create') return object !== undefined;
  if (object === undefined) return false;
  if (wanted.how === 'jsonpath') {
    const text = renderJsonPath(wanted.path, object);
    return wanted.value === undefined ? text !== '' : text === wanted.value;
  }
  const status = object['status'] as
    | { observedGeneration?: number; conditions?: { type: string; status: string; observedGeneration?: number }[] }
    | undefined;
  const found = status?.conditions?.find((c) => c.type.toLowerCase() === wanted.type.toLowerCase());
  if (!found) return false;
  // A condition, or a status, of an older generation says nothing about what was asked for since.
  const seen = found.observedGeneration ?? status?.observedGeneration;
  if (seen !== undefined && seen < (object.metadata.generation ?? 0)) return false;
  return found.status.toLowerCase() === wanted.status.toLowerCase();
}
