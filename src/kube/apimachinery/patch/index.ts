export { jsonPatch, thaw } from './json-patch.ts';
export { isObject, mergePatch, type Json } from './merge.ts';
export { goPrint, strategicPatch } from './strategic.ts';
export { threeWayPatch } from './threeway.ts';
