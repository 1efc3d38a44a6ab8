/**
 * What is kept of a request in its row of the table of its block's text. Lines and offsets are those of that text;
 * `…From` and `…End` are indexes in its other tables, equal when there is nothing.
 */
export const column = {
  position: 0,
  /** Its first line, its request line, its last that is not blank. */
  firstLine: 1,
  startLine: 2,
  lastLine: 3,
  /** Offsets of the URL on the request line. */
  urlFrom: 4,
  urlEnd: 5,
  /** Of a URL over several lines: the others. */
  piecesFrom: 6,
  piecesEnd: 7,
  fieldsFrom: 8,
  fieldsEnd: 9,
  metadataFrom: 10,
  metadataEnd: 11,
  /** The lines of a body that is nothing but text; equal when there is none, or when it is kept as segments. */
  bodyFrom: 12,
  bodyEnd: 13,
  /** Offsets of the HTTP version; 0 when none is written. */
  versionFrom: 14,
  versionEnd: 15,
} as const;

/** How many numbers a row has. */
export const columns = 16;

export type Column = (typeof column)[keyof typeof column];
