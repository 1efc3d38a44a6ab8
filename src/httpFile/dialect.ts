/** Where tools that read request files differ and the user decides; absent members mean the first way. */
export interface DialectOptions {
  /** What becomes of comment lines in a body: decided by its media type, always stripped, or always kept (C2). */
  readonly bodyComments?: 'auto' | 'strip' | 'keep';
  /** Of a variable's definitions the nearest at or above counts, or the last of the file (C8). */
  readonly scope?: 'nearest' | 'last';
  /** Whether names are put into files included with `< path`, too (C20). */
  readonly substitute?: 'never' | 'always';
  /** Whether `\n`, `\r`, `\t` and `\\` in a variable's value are escapes, which they are by default (C37). */
  readonly escapes?: boolean;
}
