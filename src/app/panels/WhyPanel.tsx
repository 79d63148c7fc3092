export function WhyPanel() {
  return null;
}
