import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { playTranscript } from '../../testing/transcript.ts';

const folder = import.meta.dirname;
const files = readdirSync(folder).filter((file) => file.endsWith('.txt'));

test.each(files)('%s prints what it says', (file) => {
  expect(playTranscript(readFileSync(path.join(folder, file), 'utf8')).failures).toEqual([]);
});
