import { expect, type Page } from '@playwright/test';

/** Manifest of the tests: a Deployment that is Ready within seconds. */
export const deployment = (name: string, replicas: number, image = 'shop:v1'): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: app
        image: ${image}
        ports:
        - containerPort: 8080
`;

/** Opens the page and waits for the running example; fails on any console error or request to another host. */
export async function openPage(page: Page, query = ''): Promise<{ readonly errors: string[] }> {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') errors.push(`request to ${request.url()}`);
  });
  await page.goto(`/${query}`);
  await expect(page.getByRole('region', { name: 'Cluster stage' })).toBeVisible();
  return { errors };
}

/** The pods that the outline lists, as their sentences. */
export async function outlinePods(page: Page): Promise<string[]> {
  const items = page.getByRole('tree', { name: 'Cluster outline' }).getByRole('treeitem', { name: /^Pod / });
  return (await items.allInnerTexts()).map((text) => text.split('\n')[0]!.trim());
}

/** Replaces the manifest and applies it. */
export async function apply(page: Page, yaml: string): Promise<void> {
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByRole('textbox', { name: 'Manifest' }).fill(yaml);
  await page.getByRole('button', { name: 'Apply' }).click();
}
