/**
 * A list of whole numbers that grows. Where the header fields of a text stand is kept in one: a file of 10,000 requests
 * has 35,000 fields, few of them are ever looked at, and as objects they would cost more than reading them.
 */
export class IntTable {
  count = 0;
  private cells = new Int32Array(64);

  push(value: number): void {
    if (this.count === this.cells.length) this.grow();
    this.cells[this.count++] = value;
  }

  at(index: number): number {
    return this.cells[index]!;
  }

  private grow(): void {
    const larger = new Int32Array(this.cells.length * 4);
    larger.set(this.cells);
    this.cells = larger;
  }
}
