import { IntTable } from './intTable.ts';
import type { MetadataNode } from './nodes.ts';
import type { RequestNode } from './request.ts';

/**
 * The named requests met so far. A table of hash values made from the characters where they stand: as strings in a
 * map, ten thousand names would take longer than all their bodies.
 */
export class NameTable {
  private readonly requests: RequestNode[] = [];
  private readonly hashes = new IntTable();
  /** An index among the requests and one more; 0 is free. The length is a power of two. */
  private table = new Int32Array(256);

  /** Adds a request of that name, and gives the one of the same name that was added before it, if any. */
  add(request: RequestNode, name: MetadataNode): RequestNode | undefined {
    if (this.requests.length * 2 >= this.table.length) this.grow();
    const { hash } = name;
    const slot = this.slotOf(hash, name);
    const place = this.table[slot]!;
    this.requests.push(request);
    this.hashes.push(hash);
    this.table[slot] = this.requests.length;
    return place === 0 ? undefined : this.requests[place - 1];
  }

  private slotOf(hash: number, name: MetadataNode): number {
    const { table, hashes } = this;
    let slot = hash & (table.length - 1);
    for (let place = table[slot]!; place !== 0; place = table[slot]!) {
      if (hashes.at(place - 1) === hash && this.requests[place - 1]!.name === name.value) break;
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private grow(): void {
    const old = this.table;
    const table = new Int32Array(old.length * 4);
    for (let at = 0; at < old.length; at++) {
      if (old[at] === 0) continue;
      let slot = this.hashes.at(old[at]! - 1) & (table.length - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = old[at]!;
    }
    this.table = table;
  }
}
