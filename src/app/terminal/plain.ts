/** Control sequences of terminals (CSI, OSC and their like), and what is left of broken ones. */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])?/g;
// oxlint-disable-next-line no-control-regex -- the same
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of the cluster as a terminal may show it. Names, annotations and logs are written by anybody: without this they
 * could move the cursor, recolour or hide what was printed, or change the direction in which it is read.
 */
export const plainText = (text: string): string => text.replace(sequences, '').replace(controls, '');
