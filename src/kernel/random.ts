/** State of one sfc32 stream: four 32-bit integers, so that a checkpoint can hold it. */
export type RandomState = [number, number, number, number];

/** FNV-1a, 32 bit, over UTF-16 code units: names become seeds and digests. */
export function fnv1a(text: string, hash = 0x811c9dc5): number {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Seeds the stream called `name`. Streams are independent: drawing from one never shifts another. */
export function seedStream(seed: number, name: string): RandomState {
  const state: RandomState = [seed | 0, fnv1a(name) | 0, 0x9e3779b9 | 0, 1];
  for (let i = 0; i < 12; i++) nextUint32(state);
  return state;
}

/** Draws 32 bits (sfc32, Chris Doty-Humphrey, PractRand). */
function nextUint32(s: RandomState): number {
  const t = (((s[0] + s[1]) | 0) + s[3]) | 0;
  s[3] = (s[3] + 1) | 0;
  s[0] = s[1] ^ (s[1] >>> 9);
  s[1] = (s[2] + (s[2] << 3)) | 0;
  s[2] = (s[2] << 21) | (s[2] >>> 11);
  s[2] = (s[2] + t) | 0;
  return t >>> 0;
}

/** What a component draws from: deterministic, one stream per name. */
export interface Random {
  /** A number in [0, 1). */
  float(): number;
  /** An integer in [0, below). */
  int(below: number): number;
  /** An integer in [from, to], both included. */
  between(from: number, to: number): number;
}

/** Pure cache: a wrapper remembers nothing but its state. */
const wrappers = new WeakMap<RandomState, Random>();

/** Wraps a stream's state; the wrapper itself remembers nothing. */
export function randomOf(state: RandomState): Random {
  let wrapper = wrappers.get(state);
  if (!wrapper) {
    const float = (): number => nextUint32(state) / 0x1_0000_0000;
    wrapper = {
      float,
      int: (below) => Math.floor(float() * below),
      between: (from, to) => from + Math.floor(float() * (to - from + 1)),
    };
    wrappers.set(state, wrapper);
  }
  return wrapper;
}
