const cellsPerField = 5;

/**
 * Where header fields stand in a text: five numbers for each, in one table. A file of 10,000 requests has 35,000
 * fields, and few of them are ever looked at: as objects they would cost more than reading them.
 */
export class FieldTable {
  count = 0;
  #cells = new Int32Array(16 * cellsPerField);
  /** The values of folded fields: their text is in no one place. */
  readonly #folded = new Map<number, string>();

  /** A field on one line; all but `line` are offsets in the text. */
  add(line: number, nameEnd: number, valueFrom: number, end: number): void {
    const at = this.count++ * cellsPerField;
    if (at === this.#cells.length) this.#grow();
    const cells = this.#cells;
    cells[at] = line;
    cells[at + 1] = nameEnd;
    cells[at + 2] = valueFrom;
    cells[at + 3] = line;
    cells[at + 4] = end;
  }

  /** A folded line joins the last field's value with one space (RFC 9112 §5.2, sent unfolded). */
  fold(value: string, more: string, line: number, end: number): void {
    const field = this.count - 1;
    this.#folded.set(field, value === '' ? more : `${value} ${more}`);
    this.#cells[field * cellsPerField + 3] = line;
    this.#cells[field * cellsPerField + 4] = end;
  }

  line(field: number): number {
    return this.#cells[field * cellsPerField]!;
  }

  nameEnd(field: number): number {
    return this.#cells[field * cellsPerField + 1]!;
  }

  valueFrom(field: number): number {
    return this.#cells[field * cellsPerField + 2]!;
  }

  lastLine(field: number): number {
    return this.#cells[field * cellsPerField + 3]!;
  }

  end(field: number): number {
    return this.#cells[field * cellsPerField + 4]!;
  }

  folded(field: number): string | undefined {
    return this.#folded.get(field);
  }

  #grow(): void {
    const larger = new Int32Array(this.#cells.length * 4);
    larger.set(this.#cells);
    this.#cells = larger;
  }
}
