export * from './field-errors.ts';
export * from './fields.ts';
export * from './intstr.ts';
export * from './labels.ts';
export * from './meta.ts';
export * from './names.ts';
export * from './quantity.ts';
export * from './status.ts';
