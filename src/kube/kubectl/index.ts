export { complete, type Completion } from './completion.ts';
export type { NodeAccess } from './command.ts';
export { kubectl } from './line.ts';
export { handInSchemas, type Definitions } from './schema.ts';
export { onlyReads, terminal, type Machinery, type Terminal } from './terminal.ts';
