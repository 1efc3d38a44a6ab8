import type { MetadataNode } from './nodes.ts';
import type { RequestNode } from './request.ts';

/**
 * The named requests met so far. A table of hash values made from the characters where they stand: as strings in a
 * map, ten thousand names would take longer than all their bodies.
 */
export class NameTable {
  private readonly requests: RequestNode[] = [];
  /** An index among the requests and one more; 0 is free. The length is a power of two. */
  private table = new Int32Array(64);
  private hashes = new Int32Array(64);

  /** Adds a request of that name, and gives the one of the same name that was added before it, if any. */
  add(request: RequestNode, name: MetadataNode): RequestNode | undefined {
    if (this.requests.length * 4 >= this.table.length) this.grow();
    this.requests.push(request);
    const { hash } = name;
    const slot = this.slotOf(hash, name);
    const earlier = this.requests[this.table[slot]! - 1];
    this.table[slot] = this.requests.length;
    this.hashes[slot] = hash;
    return earlier;
  }

  private slotOf(hash: number, name: MetadataNode): number {
    const { table, hashes } = this;
    let slot = hash & (table.length - 1);
    while (table[slot] !== 0) {
      if (hashes[slot] === hash && this.requests[table[slot]! - 1]!.name === name.value) break;
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private grow(): void {
    const { table, hashes } = this;
    const size = table.length * 8;
    this.table = new Int32Array(size);
    this.hashes = new Int32Array(size);
    table.forEach((place, old) => {
      if (place === 0) return;
      let slot = hashes[old]! & (size - 1);
      while (this.table[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.table[slot] = place;
      this.hashes[slot] = hashes[old]!;
    });
  }
}
