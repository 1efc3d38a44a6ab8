const smallest = 16;

/**
 * A list of whole numbers that grows. What is known of the requests, header fields and metadata of a text is kept in
 * such lists, in rows of equal length: a file of 10,000 requests has 35,000 fields, few of them are ever looked at, and
 * as objects they would cost more than reading them.
 */
export class IntTable {
  count = 0;
  private cells: Int32Array;

  /** `room` is how many numbers there are likely to be. */
  constructor(room: number) {
    this.cells = new Int32Array(Math.max(room, smallest));
  }

  push(value: number): void {
    if (this.count === this.cells.length) this.grow();
    this.cells[this.count++] = value;
  }

  /** Adds a row of so many zeros, at most {@link smallest}; gives the index of the first. */
  addRow(width: number): number {
    const row = this.count;
    if (row + width > this.cells.length) this.grow();
    this.count += width;
    return row;
  }

  at(index: number): number {
    return this.cells[index]!;
  }

  set(index: number, value: number): void {
    this.cells[index] = value;
  }

  private grow(): void {
    const larger = new Int32Array(this.cells.length * 2);
    larger.set(this.cells);
    this.cells = larger;
  }
}
