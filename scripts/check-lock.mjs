// The lock file must name every platform's binary of the native tools, and no download addresses:
// npm silently leaves out optional packages that its registry lacks, and then `npm ci` fails elsewhere.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const problems = [];
for (const [where, entry] of Object.entries(packages)) {
  if (entry.resolved?.startsWith('http')) problems.push(`${where} records a download address`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!packages[`node_modules/${name}`] && !packages[`${where}/node_modules/${name}`])
      problems.push(`${where} lacks ${name}`);
  }
}
if (problems.length > 0) {
  console.error(problems.slice(0, 20).join('\n'));
  process.exit(1);
}
