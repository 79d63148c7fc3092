/** Plays the running example and returns the frame of its opening moment, as the worker would send it. */
export function firstFrame(): Promise<object>;
