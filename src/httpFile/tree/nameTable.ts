import type { Lines } from '../parser/lines.ts';
import type { RequestNode } from './request.ts';

/**
 * The named requests met so far. A table of hash values made from the characters where they stand: as strings in a
 * map, ten thousand names would take longer than all their bodies.
 */
export class NameTable {
  private readonly text: string;
  private readonly requests: readonly RequestNode[];
  private count = 0;
  /** Pairs: a hash, and the index of a request and one more; 0 is free. The length is a power of two. */
  private pairs: Int32Array;

  /** For the text of some lines, and the list that its requests are added to. */
  constructor({ text, count }: Lines, requests: readonly RequestNode[]) {
    this.text = text;
    this.requests = requests;
    // A request takes more than four lines in most files, and half of the room stays free.
    this.pairs = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, count >> 2))));
  }

  /**
   * The request that is added next has a name, which stands at `from` to `end` of the text: gives the last one of the
   * same name before it, if any.
   */
  add(from: number, end: number): RequestNode | undefined {
    if (this.count * 4 >= this.pairs.length) this.grow();
    const hash = hashOf(this.text, from, end);
    const slot = this.slotOf(hash, from, end);
    const place = this.pairs[slot + 1]!;
    this.pairs[slot] = hash;
    this.pairs[slot + 1] = this.requests.length + 1;
    if (place !== 0) return this.requests[place - 1];
    this.count++;
    return undefined;
  }

  private slotOf(hash: number, from: number, end: number): number {
    const { pairs, text } = this;
    const mask = pairs.length - 1;
    let slot = (hash << 1) & mask;
    for (let place = pairs[slot + 1]!; place !== 0; place = pairs[slot + 1]!) {
      if (pairs[slot] === hash && this.requests[place - 1]!.name === text.slice(from, end)) break;
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private grow(): void {
    const old = this.pairs;
    const pairs = new Int32Array(old.length * 4);
    const mask = pairs.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] === 0) continue;
      let slot = (old[at]! << 1) & mask;
      while (pairs[slot + 1] !== 0) slot = (slot + 2) & mask;
      pairs[slot] = old[at]!;
      pairs[slot + 1] = old[at + 1]!;
    }
    this.pairs = pairs;
  }
}

/** A number that names alike have in common, made without making a string. */
function hashOf(text: string, from: number, end: number): number {
  let hash = 0;
  for (let at = from; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
