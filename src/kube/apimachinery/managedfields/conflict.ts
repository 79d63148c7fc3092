import { failure, type ApiError } from '../status.ts';
import { printPath } from './field-set.ts';
import { identityOf, type Manager } from './managed.ts';
import type { Conflict } from './merge.ts';

/** `"carol" with subresource "scale" using apps/v1`. */
function printManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = `${JSON.stringify(manager)}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** 409 with one cause per field. Kubernetes: apimachinery/pkg/util/managedfields/internal/conflict.go. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${printManager(owner)}`,
    field: printPath(path),
  }));
  return failure(409, 'Conflict', sentence(conflicts), { causes });
}

function sentence(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${printManager(first!.owner)}: ${printPath(first!.path)}`;
  }
  const managers = new Map<string, Conflict[]>();
  for (const conflict of conflicts) {
    const key = identityOf(conflict.owner);
    managers.set(key, [...(managers.get(key) ?? []), conflict]);
  }
  const lines = [...managers.keys()].sort().flatMap((key) => {
    const own = managers.get(key)!;
    return [`conflicts with ${printManager(own[0]!.owner)}:`, ...own.map(({ path }) => `- ${printPath(path)}`)];
  });
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}
