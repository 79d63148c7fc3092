import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { image, openShop, recordedImage, type ShopObject } from '../../testing/golden-shop.ts';

interface Recorded {
  readonly objects: readonly ShopObject[];
  readonly outputs: readonly {
    readonly command: string;
    readonly stdout: string;
    readonly stderr: string;
    readonly exitCode: number;
  }[];
}
const folder = new URL('../../testing/golden/', import.meta.url);
const { objects, outputs } = JSON.parse(readFileSync(new URL('kubectl-output.json', folder), 'utf8')) as Recorded;

/** What differs between that cluster and this one, and what is chance: names of pods, addresses, times, columns' widths. */
const cells = (text: string): string[][] =>
  text.split('\n').map((line) =>
    line
      // How many replicas an autoscaler without metrics tells of depends on when it is asked.
      .replace(/^(horizontalpodautoscaler\S+).*/, '$1')
      .replaceAll('<ns>', 'shop')
      .replaceAll(image, recordedImage)
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replaceAll(/(?:<(?:hash|rev|sched)\d*>|(?<=(?:web|bad|agent|db)-|hash=)[0-9a-f]{6,10}\b)/g, '<hash>')
      .replaceAll(/(?<=[a-z>]-)(?:<(?:rand|\d+)>|[bcdfghjklmnpqrstvwxz2456789]{5})(?![\w-])/g, '<0>')
      .replaceAll(/<ip\d*>|<clusterIP>|<nodeip>|\b\d+\.\d+\.\d+\.\d+\b/g, '<ip>')
      .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000|\d{4}-\d\d-\d\dT[\d:]+Z/g, '<time>')
      .replaceAll(/<age>|(?<=\s)(?:\d+[smhd])+(?=[\s)]|$)|^\d+s(?=\s)/g, '<age>')
      .replaceAll(/ \(x\d+ over <age>\)/g, '')
      .replaceAll(/\bnode-\d\b/g, '<node>')
      .replaceAll(/<pending>/g, '<ip>')
      .replaceAll(/(?:0\/\d nodes are available|preemption: 0\/\d).*/g, 'no node')
      .replaceAll(/(?<=:)3\d{4}(?=\/)|<nodePort>|(?<=\s)3\d{4}(?=\/TCP)/g, '<port>')
      .trim()
      .split(/\s{2,}|\t/),
  );

const { type } = openShop(objects);

/** What that cluster has and this one has not, or the other way round: see docs/fidelity.md. */
const otherwise =
  /api-resources|api-versions|get nodes|describe (?:svc web-lb|quota|ns|pod db-0|endpointslice)|get endpointslices/;

test.each(outputs.filter(({ command }) => !otherwise.test(command)))(
  '$command',
  ({ command, stdout, stderr, exitCode }) => {
    const mine = type(command.replace(/^kubectl /, ''));
    expect([mine.exitCode, mine.stderr, ...cells(mine.stdout)]).toEqual([
      exitCode,
      stderr.replaceAll('<ns>', 'shop'),
      ...cells(stdout),
    ]);
  },
);
