import type { HttpFile } from './syntax.ts';

/** What tells the trees of an open file from those of others: the same object for all of them. */
export function identityOf(file: HttpFile): object {
  return (file as { readonly identity?: object }).identity ?? file.requests;
}

/**
 * An index of nodes by their keys. After an edit the lists before and after have their beginning and their end in
 * common, so only what lies between is looked at again.
 */
export class NodeIndex<Node> {
  private readonly keysOf: (node: Node) => readonly string[];
  private readonly comesBefore: (a: Node, b: Node) => boolean;
  private nodes: readonly Node[] = [];
  private lists = new Map<string, Node[]>();
  /** Keys of more than one node. */
  readonly repeated = new Set<string>();

  /** `comesBefore` says of two nodes of the list which stands first. */
  constructor(keysOf: (node: Node) => readonly string[], comesBefore: (a: Node, b: Node) => boolean) {
    this.keysOf = keysOf;
    this.comesBefore = comesBefore;
  }

  /** The nodes of each key, in the order of the file. */
  get byKey(): ReadonlyMap<string, readonly Node[]> {
    return this.lists;
  }

  /** How many nodes would have to be looked at to follow to a list. */
  distanceTo(nodes: readonly Node[]): number {
    if (nodes === this.nodes) return 0;
    const { start, end } = this.sameEnds(nodes);
    return nodes.length + this.nodes.length - 2 * (start + end);
  }

  /** Makes this the index of a list. */
  follow(nodes: readonly Node[]): this {
    if (nodes === this.nodes) return this;
    const { start, end } = this.sameEnds(nodes);
    const gone = this.nodes.slice(start, this.nodes.length - end);
    const come = nodes.slice(start, nodes.length - end);
    this.nodes = nodes;
    if (gone.length * 2 > nodes.length) this.makeAnew();
    else this.replace(gone, come, end === 0);
    return this;
  }

  private makeAnew(): void {
    this.lists = new Map();
    this.repeated.clear();
    for (const node of this.nodes) this.add(node);
  }

  private replace(gone: readonly Node[], come: readonly Node[], isAtEnd: boolean): void {
    const old = new Set(gone);
    for (const key of new Set(gone.flatMap((node) => this.keysOf(node)))) {
      const kept = this.lists.get(key)?.filter((node) => !old.has(node)) ?? [];
      if (kept.length > 0) this.lists.set(key, kept);
      else this.lists.delete(key);
      if (kept.length < 2) this.repeated.delete(key);
    }
    if (isAtEnd) for (const node of come) this.add(node);
    else this.insert(come);
  }

  /** The nodes stand one after another: those of a key go to one place in its list. */
  private insert(come: readonly Node[]): void {
    const added = new Map<string, Node[]>();
    for (const node of come) {
      for (const key of this.keysOf(node)) {
        const list = added.get(key);
        if (list) list.push(node);
        else added.set(key, [node]);
      }
    }
    for (const [key, nodes] of added) {
      const list = this.lists.get(key);
      const place = list ? this.placeOf(nodes[0]!, list) : 0;
      const all = list ? list.slice(0, place).concat(nodes, list.slice(place)) : nodes;
      this.lists.set(key, all);
      if (all.length > 1) this.repeated.add(key);
    }
  }

  /** A node that stands behind all others. */
  private add(node: Node): void {
    for (const key of this.keysOf(node)) {
      const list = this.lists.get(key);
      if (!list) {
        this.lists.set(key, [node]);
        continue;
      }
      list.push(node);
      this.repeated.add(key);
    }
  }

  /** How many of a list stand before a node. */
  private placeOf(node: Node, list: readonly Node[]): number {
    let from = 0;
    let to = list.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.comesBefore(list[middle]!, node)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private sameEnds(nodes: readonly Node[]): { start: number; end: number } {
    const { nodes: known } = this;
    const shorter = Math.min(nodes.length, known.length);
    let start = 0;
    while (start < shorter && nodes[start] === known[start]) start++;
    let end = 0;
    while (end < shorter - start && nodes[nodes.length - 1 - end] === known[known.length - 1 - end]) end++;
    return { start, end };
  }
}
