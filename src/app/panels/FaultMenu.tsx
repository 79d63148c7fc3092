export function FaultMenu() {
  return null;
}
