/**
 * Where the characters of a word's text stand in the source: in pieces, as most of them stand one after another. A word
 * may hold a file of half a megabyte.
 */
export class Places {
  /** How many characters have a place. */
  length = 0;
  /** The offset after the last one. */
  end: number;
  /** Of each piece: its first character's index and offset, and whether the others follow it one by one. */
  private readonly indexes: number[] = [];
  private readonly froms: number[] = [];
  private readonly areRuns: boolean[] = [];

  constructor(start: number) {
    this.end = start;
  }

  /** So many characters that stand as they are from `from` on. */
  addRun(length: number, from: number): void {
    const last = this.indexes.length - 1;
    const follows = last >= 0 && this.areRuns[last]
      && this.froms[last]! + this.length - this.indexes[last]! === from;
    if (!follows) this.addPiece(from, true);
    this.length += length;
    this.end = from + length;
  }

  /** Characters that are meant by what stands from `from` to `to`. */
  addMeant(length: number, from: number, to: number): void {
    this.addPiece(from, false);
    this.length += length;
    this.end = to;
  }

  /** The offset of a character; of the one after the last, where that ends. */
  at(index: number): number {
    if (index >= this.length) return this.end;
    let low = 0;
    let high = this.indexes.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.indexes[middle]! <= index) low = middle;
      else high = middle;
    }
    return this.areRuns[low] ? this.froms[low]! + index - this.indexes[low]! : this.froms[low]!;
  }

  private addPiece(from: number, isRun: boolean): void {
    this.indexes.push(this.length);
    this.froms.push(from);
    this.areRuns.push(isRun);
  }
}
