import type { Deed } from '../protocol/index.ts';

/** Most cards of a chain: more nobody reads. */
const mostCards = 7;
/** A pause this long between two causes is said. */
const gapMs = 20_000;

/** Steps that are the least missed when a chain is too long, in the order in which they go. */
const expendable = [
  'kubelet.container-created',
  'kubelet.pulled',
  'kubelet.register',
  'nodelifecycle.taint',
  'kubelet.container-started',
  'kubelet.probe-succeeded',
  'scheduler.bind',
];

/** The cards of a chain, newest first: first and last always, at most seven. */
export function cardsOf(chain: readonly Deed[]): Deed[] {
  // Tries of the same thing in a row are one card: the newest stands for them.
  const cards = chain.filter(
    (deed, i) => i === 0 || deed.code !== chain[i - 1]!.code || deed.uid !== chain[i - 1]!.uid,
  );
  for (const code of expendable) {
    for (let i = cards.length - 2; i > 0 && cards.length > mostCards; i--)
      if (cards[i]!.code === code) cards.splice(i, 1);
  }
  // Still too long: the middle goes, because the ends explain.
  while (cards.length > mostCards) cards.splice(Math.floor(cards.length / 2), 1);
  return cards;
}

/** Time without a cause between a card and the newer one above it, when it is worth saying. */
export function gapBefore(deed: Deed, newer: Deed | undefined): number | null {
  const gap = newer ? newer.at - deed.at : 0;
  return gap >= gapMs ? gap : null;
}
