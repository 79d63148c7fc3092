/**
 * How objects are written as YAML, as kubectl does: sorted keys, lists not indented, strings quoted where YAML 1.1 would
 * read them otherwise. Options of `stringify`; apart from the parser, so that the page can load the writer late.
 */
export const yamlStyle = {
  version: '1.1',
  sortMapEntries: true,
  indentSeq: false,
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const;
