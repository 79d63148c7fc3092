/** A translation of a table of texts: the same keys; languages without a singular leave `_one` out. */
export type Translated<T> = { readonly [K in keyof T as K extends `${string}_one` ? never : K]: string };
