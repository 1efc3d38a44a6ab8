import type { RequestNode } from './request.ts';
import type { HttpRequest } from '../syntax.ts';

/** What a request is called: its name, else its title, else what it asks for. */
export function labelOf({ name, title, method, url }: HttpRequest): string {
  return name ?? title ?? `${method} ${url}`;
}

/** The requests of a file by what they are called, each list in the order of the file. */
export class Labels<Request extends HttpRequest = HttpRequest> {
  protected readonly lists = new Map<string, Request[]>();

  constructor(requests: readonly Request[]) {
    for (const request of requests) this.listOf(labelOf(request)).push(request);
  }

  /** A key that stays while lines move: what the request is called; equal ones are counted. */
  keyOf(request: Request): string {
    const label = labelOf(request);
    const count = placeOf(this.lists.get(label) ?? [], request.index);
    return count === 0 ? label : `${label} (${count})`;
  }

  /** The request of a key; if its name ends in a number in brackets there may be two, and the first one counts. */
  find(key: string): Request | undefined {
    const [called] = this.lists.get(key) ?? [];
    const counted = / \(([1-9]\d{0,8})\)$/.exec(key);
    if (!counted) return called;
    const other = this.lists.get(key.slice(0, counted.index))?.[Number(counted[1])];
    return called && other && other.index < called.index ? other : called ?? other;
  }

  protected listOf(label: string): Request[] {
    const known = this.lists.get(label);
    if (known) return known;
    const list: Request[] = [];
    this.lists.set(label, list);
    return list;
  }
}

/** Those of an open file: they follow its edits, and tell requests of the same name of each other. */
export class OpenLabels extends Labels<RequestNode> {
  /** Requests whose name is that of one before them. */
  readonly duplicates = new Set<RequestNode>();

  constructor(requests: readonly RequestNode[]) {
    super(requests);
    for (const [label, list] of this.lists) if (list.length > 1) this.link(label, list);
  }

  /** Takes the place of some requests that stood one after another. The others must have their new indexes already. */
  replace(removed: readonly RequestNode[], added: readonly RequestNode[]): void {
    const gone = new Set(removed);
    const changed = new Set<string>();
    for (const request of removed) {
      changed.add(labelOf(request));
      this.duplicates.delete(request);
    }
    for (const label of changed) this.lists.set(label, this.listOf(label).filter((one) => !gone.has(one)));
    for (const request of added) {
      const label = labelOf(request);
      const list = this.listOf(label);
      list.splice(placeOf(list, request.index), 0, request);
      changed.add(label);
    }
    for (const label of changed) this.link(label, this.listOf(label));
  }

  private link(label: string, list: readonly RequestNode[]): void {
    if (list.length === 0) this.lists.delete(label);
    let earlier: RequestNode | undefined;
    for (const request of list) {
      if (request.name === undefined) continue;
      request.setEarlier(earlier);
      if (earlier) this.duplicates.add(request);
      else this.duplicates.delete(request);
      earlier = request;
    }
  }
}

/** How many of a list have a smaller index. */
function placeOf(list: readonly HttpRequest[], index: number): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle]!.index < index) from = middle + 1;
    else to = middle;
  }
  return from;
}
