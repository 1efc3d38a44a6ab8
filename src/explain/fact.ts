/** A name and what is known of it, as a row of a list. */
export interface Fact {
  readonly name: string;
  /** Names in sentences are between backticks. */
  readonly text: string;
  /** How it is to be seen; absent where it is neither good nor bad. */
  readonly tone?: 'good' | 'bad' | 'warn' | 'dim';
  /** What is said beside it, or in a line below it, more faintly. */
  readonly note?: string;
  readonly below?: string;
  /** What is a name or a code, for a font of its own. */
  readonly code?: 'text' | 'note';
  /** What the text is a digest of. */
  readonly whole?: string;
}
