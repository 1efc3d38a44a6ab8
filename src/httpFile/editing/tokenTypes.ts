/** The types of semantic tokens, in the order of the legend; the manifest declares them. */
export const tokenTypes = [
  'resolvedVariable', 'unresolvedVariable', 'dynamicVariable', 'responseReference',
  'httpMethod', 'httpHeader', 'httpMetadata',
] as const;

export type TokenType = (typeof tokenTypes)[number];
