import type { Dots } from './dots.ts';

/** The stage as a document of its own: tokens and styles inside, so that it looks the same elsewhere. */
export function exportSvg(svg: SVGSVGElement, air: SVGSVGElement, dots: Dots): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const world = copy.querySelector<SVGGElement>('.world');
  if (world) dots.draw(world);
  for (const sky of air.children) copy.append(sky.cloneNode(true));
  const computed = getComputedStyle(svg);
  const names = new Set<string>();
  for (const match of copy.outerHTML.matchAll(/var\((--[\w-]+)/g)) names.add(match[1]!);
  const rules: string[] = [];
  for (const sheet of svg.ownerDocument.styleSheets) {
    try {
      for (const rule of sheet.cssRules) if (rule.cssText.includes('.kb-stage')) rules.push(rule.cssText);
    } catch {
      // A sheet of another origin cannot be read, and holds nothing of ours.
    }
  }
  for (const match of rules.join('').matchAll(/var\((--[\w-]+)/g)) names.add(match[1]!);
  const tokens = [...names].map((name) => `${name}:${computed.getPropertyValue(name).trim()}`).join(';');
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const style = copy.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = `svg{${tokens};background:${computed.getPropertyValue('--ground')}}\n${rules.join('\n')}`;
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}
