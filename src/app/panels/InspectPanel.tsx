export function InspectPanel() {
  return null;
}
