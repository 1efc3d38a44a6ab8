import type { HttpFile } from '../syntax.ts';

/** What tells the trees of an open file from those of others: the same object for all of them. */
export function identityOf(file: HttpFile): object {
  return (file as { readonly identity?: object }).identity ?? file.requests;
}

/** The place of a node in the lists of its keys: another node of the same keys may take it after an edit. */
interface Slot<Node> {
  node: Node;
}

interface List<Node> {
  slots: Slot<Node>[];
  nodes: readonly Node[];
  /** At which version `nodes` was made of `slots`. */
  version: number;
}

interface IndexOptions<Node> {
  keysOf(node: Node): readonly string[];
  hasSameKeys(a: Node, b: Node): boolean;
  /** Of two nodes of the same list, whether the first stands above the second. */
  isAbove(a: Node, b: Node): boolean;
}

/**
 * An index of nodes by their keys, which follows the edits of a file. The lists before and after an edit begin and end
 * with the same nodes, or with nodes read anew that have the same keys: only what lies between is taken out and put in.
 */
export class NodeIndex<Node> {
  private readonly options: IndexOptions<Node>;
  private nodes: readonly Node[] = [];
  private slots: readonly Slot<Node>[] = [];
  private readonly lists = new Map<string, List<Node>>();
  private version = 0;
  /** Keys of more than one node. */
  readonly repeated = new Set<string>();

  constructor(options: IndexOptions<Node>) {
    this.options = options;
  }

  /** The nodes of a key, in the order of the file. */
  get(key: string): readonly Node[] | undefined {
    const list = this.lists.get(key);
    if (!list) return undefined;
    if (list.version !== this.version) {
      list.nodes = list.slots.map(({ node }) => node);
      list.version = this.version;
    }
    return list.nodes;
  }

  /** Makes this the index of a list of nodes; unless that takes more than `most` nodes to be put in or taken out. */
  follow(nodes: readonly Node[], most = Infinity): boolean {
    if (nodes === this.nodes) return true;
    const { start, end } = this.sameEnds(nodes);
    const goneEnd = this.nodes.length - end;
    const comeEnd = nodes.length - end;
    if (goneEnd - start + comeEnd - start > most) return false;
    this.version++;
    for (let at = 0; at < start; at++) this.slots[at]!.node = nodes[at]!;
    for (let at = comeEnd; at < nodes.length; at++) this.slots[at - comeEnd + goneEnd]!.node = nodes[at]!;
    this.replace(start, goneEnd, nodes.slice(start, comeEnd).map((node) => ({ node })));
    this.nodes = nodes;
    return true;
  }

  /** How many nodes at the beginning and at the end of a list have the keys of those known. */
  private sameEnds(nodes: readonly Node[]): { start: number; end: number } {
    const { nodes: known, options } = this;
    const isSame = (a: Node, b: Node): boolean => a === b || options.hasSameKeys(a, b);
    const shorter = Math.min(nodes.length, known.length);
    let start = 0;
    while (start < shorter && isSame(nodes[start]!, known[start]!)) start++;
    let end = 0;
    while (end < shorter - start && isSame(nodes[nodes.length - 1 - end]!, known[known.length - 1 - end]!)) end++;
    return { start, end };
  }

  private replace(from: number, to: number, come: Slot<Node>[]): void {
    const gone = this.slots.slice(from, to);
    if (gone.length > 0) this.remove(gone);
    if (to === this.slots.length) for (const slot of come) this.append(slot);
    else for (const [key, slots] of this.byKey(come)) this.insert(key, slots);
    this.slots = this.slots.slice(0, from).concat(come, this.slots.slice(to));
  }

  private remove(gone: readonly Slot<Node>[]): void {
    const old = new Set(gone);
    for (const key of this.byKey(gone).keys()) {
      const slots = this.lists.get(key)?.slots.filter((slot) => !old.has(slot)) ?? [];
      this.put(key, slots);
    }
  }

  /** Slots of one key that stand one after another among those of the file. */
  private insert(key: string, slots: readonly Slot<Node>[]): void {
    const known = this.lists.get(key)?.slots ?? [];
    const place = this.placeOf(slots[0]!, known);
    this.put(key, known.slice(0, place).concat(slots, known.slice(place)));
  }

  /** A slot that stands behind all others. */
  private append(slot: Slot<Node>): void {
    for (const key of this.options.keysOf(slot.node)) {
      const list = this.lists.get(key);
      if (!list) {
        this.put(key, [slot]);
        continue;
      }
      list.slots.push(slot);
      this.repeated.add(key);
    }
  }

  private put(key: string, slots: Slot<Node>[]): void {
    if (slots.length === 0) this.lists.delete(key);
    else this.lists.set(key, { slots, nodes: [], version: -1 });
    if (slots.length > 1) this.repeated.add(key);
    else this.repeated.delete(key);
  }

  private byKey(slots: readonly Slot<Node>[]): Map<string, Slot<Node>[]> {
    const lists = new Map<string, Slot<Node>[]>();
    for (const slot of slots) {
      for (const key of this.options.keysOf(slot.node)) {
        const list = lists.get(key);
        if (list) list.push(slot);
        else lists.set(key, [slot]);
      }
    }
    return lists;
  }

  /** How many slots stand above one. */
  private placeOf({ node }: Slot<Node>, slots: readonly Slot<Node>[]): number {
    let from = 0;
    let to = slots.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.options.isAbove(slots[middle]!.node, node)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
