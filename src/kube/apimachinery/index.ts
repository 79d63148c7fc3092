// Light parts, which the page imports too. Heavier ones have their own doors: decode.ts, yaml.ts, patch/index.ts.
export * from './base64.ts';
export * from './equal.ts';
export * from './field-errors.ts';
export * from './fields.ts';
export * from './intstr.ts';
export * from './labels.ts';
export * from './meta.ts';
export * from './names.ts';
export * from './own.ts';
export * from './quantity.ts';
export * from './status.ts';
