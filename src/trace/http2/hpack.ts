import { decodeHuffman } from './huffman.ts';
import { staticTable } from './staticTable.ts';

/**
 * How a field was written (RFC 7541 §6): by its number alone, or as a literal that is put into the table, is not, or
 * must never be.
 */
export type FieldRepresentation = 'indexed' | 'incremental' | 'without-indexing' | 'never-indexed';

/** A field as it was on the wire. */
export interface HpackField {
  readonly name: string;
  readonly value: string;
  readonly representation: FieldRepresentation;
  /** Of the whole field, or of its name: up to 61 in the static table, then in the dynamic one. */
  readonly index?: number;
  /** Which of both were written in Huffman code. */
  readonly huffman?: 'name' | 'value' | 'both';
  /** Octets it took. */
  readonly size: number;
}

export interface FieldBlock {
  readonly fields: readonly HpackField[];
  /** Fields that are not told: together they would be beyond {@link blockLimits}. */
  readonly omitted: number;
  /** RFC 7541 §6.3: the dynamic table's new sizes, told before the first field, and the octets they took. */
  readonly tableSizes: readonly number[];
  readonly tableSizesSize: number;
  /** The block is broken from here on, and with it all that follow in its direction. */
  readonly isBroken: boolean;
}

/**
 * Fields told of one block, and octets of their names and values; a few octets can stand for many fields of the table.
 */
const blockLimits = { fields: 1024, size: 256 * 1024 } as const;

/** No table is larger, whatever was agreed (octets, RFC 7541 §4.1). */
const largestTable = 64 * 1024;
const defaultTable = 4096; // RFC 9113 §6.5.2
const entryOverhead = 32; // RFC 7541 §4.1

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly nameSize: number;
  /** RFC 7541 §4.1, in octets: a text may have fewer characters. */
  readonly size: number;
}

const staticEntries: readonly Entry[] = staticTable.map(({ name, value }) => (
  { name, value, nameSize: name.length, size: name.length + value.length + entryOverhead }));

/** Reads the field blocks of one direction of a connection, in their order, with its dynamic table. */
export class HpackDecoder {
  /** The newest last; those before `#first` are gone. */
  #entries: Entry[] = [];
  #first = 0;
  #size = 0;
  #capacity = defaultTable;
  #broken = false;
  #reader = new BlockReader(new Uint8Array());

  /** Octets in the dynamic table, and how many it may hold. */
  get tableSize(): { readonly size: number; readonly capacity: number } {
    return { size: this.#size, capacity: this.#capacity };
  }

  /** A block was lost: those that follow cannot be read. */
  break(): void {
    this.#broken = true;
  }

  decode(block: Uint8Array): FieldBlock {
    const reader = this.#reader = new BlockReader(block);
    const fields: HpackField[] = [];
    const tableSizes: number[] = [];
    let tableSizesSize = 0;
    let omitted = 0;
    let told = 0;
    while (!this.#broken && !reader.isAtEnd) {
      const start = reader.at;
      // §6.3: 001
      if ((reader.peek() & 0xe0) === 0x20) {
        const size = this.#resize();
        if (size !== undefined && tableSizes.length < 16) tableSizes.push(size);
        if (fields.length === 0) tableSizesSize = reader.at - start + tableSizesSize;
        continue;
      }
      const field = this.#field();
      if (!field) {
        this.#broken = true;
        break;
      }
      told += field.name.length + field.value.length;
      if (told > blockLimits.size || fields.length === blockLimits.fields) omitted += 1;
      else fields.push({ ...field, size: reader.at - start });
    }
    return { fields, omitted, tableSizes, tableSizesSize, isBroken: this.#broken };
  }

  #resize(): number | undefined {
    const capacity = this.#reader.integer(5);
    if (capacity === undefined || capacity > largestTable) {
      this.#broken = true;
      return undefined;
    }
    this.#capacity = capacity;
    this.#evict(0);
    return capacity;
  }

  #field(): Omit<HpackField, 'size'> | undefined {
    const first = this.#reader.peek();
    if (first & 0x80) return this.#indexed(); // §6.1
    if (first & 0x40) return this.#literal('incremental', 6); // §6.2.1
    return this.#literal(first & 0x10 ? 'never-indexed' : 'without-indexing', 4); // §6.2.3, §6.2.2
  }

  #indexed(): Omit<HpackField, 'size'> | undefined {
    const index = this.#reader.integer(7);
    const entry = index === undefined ? undefined : this.#entry(index);
    return entry && { name: entry.name, value: entry.value, representation: 'indexed', index: index! };
  }

  #literal(representation: FieldRepresentation, bits: number): Omit<HpackField, 'size'> | undefined {
    const reader = this.#reader;
    const index = reader.integer(bits);
    if (index === undefined) return undefined;
    const named = index === 0 ? undefined : this.#entry(index);
    const name = index === 0 ? reader.string() : named?.name;
    if (name === undefined) return undefined;
    const isNameCoded = index === 0 && reader.wasHuffman;
    const nameSize = named ? named.nameSize : reader.octets;
    const value = reader.string();
    if (value === undefined) return undefined;
    const isValueCoded = reader.wasHuffman;
    if (representation === 'incremental') {
      this.#add({ name, value, nameSize, size: nameSize + reader.octets + entryOverhead });
    }
    return {
      name, value, representation, ...(index === 0 ? {} : { index }),
      ...(isNameCoded || isValueCoded
        ? { huffman: isNameCoded && isValueCoded ? 'both' : isNameCoded ? 'name' : 'value' } : {}),
    };
  }

  /** RFC 7541 §2.3.3: the static table first, then the dynamic one with its newest entry first. */
  #entry(index: number): Entry | undefined {
    if (index <= staticEntries.length) return staticEntries[index - 1];
    const at = this.#entries.length - (index - staticEntries.length);
    return at < this.#first ? undefined : this.#entries[at];
  }

  /** §4.4: an entry larger than the table empties it, and that is no error. */
  #add(entry: Entry): void {
    this.#evict(entry.size);
    if (entry.size > this.#capacity) return;
    this.#entries.push(entry);
    this.#size += entry.size;
  }

  /** §4.3, §4.4: the oldest go until there is room. */
  #evict(room: number): void {
    while (this.#size > 0 && this.#size + room > this.#capacity) this.#size -= this.#entries[this.#first++]!.size;
    if (this.#first < 64) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}

/** RFC 7541 §5: integers and strings. They are undefined where the block ends too early or they are broken. */
class BlockReader {
  readonly #block: Uint8Array;
  at = 0;
  /** Of the string read last: whether it was in Huffman code, and its size without it. */
  wasHuffman = false;
  octets = 0;

  constructor(block: Uint8Array) {
    this.#block = block;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#block.length;
  }

  peek(): number {
    return this.#block[this.at]!;
  }

  /** §5.1, with a prefix of so many bits. No length or index here needs more than 28 bits. */
  integer(bits: number): number | undefined {
    const largest = (1 << bits) - 1;
    let value = this.#block[this.at++]! & largest;
    if (value < largest) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const octet = this.#block[this.at++];
      if (octet === undefined) return undefined;
      value += (octet & 0x7f) << shift;
      if ((octet & 0x80) === 0) return value;
    }
    return undefined;
  }

  /** §5.2 */
  string(): string | undefined {
    if (this.isAtEnd) return undefined;
    this.wasHuffman = (this.peek() & 0x80) !== 0;
    const size = this.integer(7);
    if (size === undefined || this.at + size > this.#block.length) return undefined;
    const start = this.at;
    this.at += size;
    this.octets = size;
    if (!this.wasHuffman) return textOf(this.#block, start, this.at);
    if (scratch.length < 2 * size) scratch = new Uint8Array(2 * size);
    const length = decodeHuffman(this.#block, start, size, scratch);
    if (length === -1) return undefined;
    this.octets = length;
    return textOf(scratch, 0, length);
  }
}

let scratch = new Uint8Array(4096);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 where it is that; else one character an octet, as RFC 9110 §5.5 has it of old. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  for (let at = start; at < end; at++) {
    if (bytes[at]! < 0x80) continue;
    try {
      return utf8.decode(bytes.subarray(start, end));
    } catch {
      break;
    }
  }
  let text = '';
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(end, at + 4096)) as unknown as number[]);
  }
  return text;
}
