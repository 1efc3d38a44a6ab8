/** Counts the content in the chunks of a body that is on its way out (RFC 9112 §7.1), cut anywhere. */
export class ChunkCounter {
  /** Bytes of content so far. */
  size = 0;
  /** Bytes of the chunk's data that are still to come, and of the line end behind it. */
  #data = 0;
  #lineEnd = 0;
  /** The line of a chunk's size so far. */
  #line = '';
  #isOver = false;

  feed(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && !this.#isOver;) {
      if (this.#data > 0) at = this.#passData(bytes, at);
      else if (this.#lineEnd > 0) at = this.#passLineEnd(bytes, at);
      else at = this.#readLine(bytes, at);
    }
  }

  #passData(bytes: Buffer, at: number): number {
    const passed = Math.min(this.#data, bytes.length - at);
    this.#data -= passed;
    this.size += passed;
    return at + passed;
  }

  #passLineEnd(bytes: Buffer, at: number): number {
    const passed = Math.min(this.#lineEnd, bytes.length - at);
    this.#lineEnd -= passed;
    return at + passed;
  }

  #readLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(10, at);
    this.#line += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
    if (end === -1) return bytes.length;
    this.#data = parseInt(this.#line, 16);
    this.#line = '';
    this.#lineEnd = 2;
    // Behind the last chunk are trailers.
    this.#isOver = !(this.#data > 0);
    return end + 1;
  }
}
