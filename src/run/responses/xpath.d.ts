// The little of the package that is used (tsconfig.json points here): its own types bring the whole DOM library into
// every file.

/** Strings, numbers and truth values as they are; nodes in document order. */
type Select = (expression: string, node: object) => unknown;

declare const xpath: {
  /** Throws for an expression that cannot be read, and for a prefix that is not among `prefixes`. */
  useNamespaces(prefixes: Readonly<Record<string, string>>): Select;
};

export { xpath as default };
