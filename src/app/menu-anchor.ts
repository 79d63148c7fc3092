import { useSelection } from './stores/selection.ts';

/** Opens the fault menu of the selected object, at its place on the page (outline item, else the middle of the stage). */
export function openMenuForSelection(anchor?: Element | null): void {
  const { selected, side } = useSelection.getState();
  if (!selected) return;
  const element =
    anchor ??
    document.activeElement?.closest('[role="treeitem"], #stage svg [tabindex]') ??
    document.getElementById('stage');
  const box = element?.getBoundingClientRect();
  const [x, y] = box
    ? [box.left + Math.min(box.width / 2, 160), Math.min(box.bottom, box.top + box.height / 2 + 12)]
    : [200, 200];
  useSelection.setState({ menu: { ref: selected, side, x, y, cause: 'key' } });
}
