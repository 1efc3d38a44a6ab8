import { isOver } from './send.ts';
import type { NodeResponse } from './send.ts';

/**
 * The responses of a connection that are not yet over. Those that are go when the next one comes: a listener for the
 * end of each would cost more.
 */
export class OpenResponses {
  #list: NodeResponse[] = [];

  add(response: NodeResponse): void {
    // Mostly there is one, and it is over.
    if (this.#list.length === 1 && isOver(this.#list[0]!)) this.#list[0] = response;
    else this.#list = [...this.open(), response];
  }

  get size(): number { return this.open().length; }

  open(): readonly NodeResponse[] {
    return this.#list.filter((response) => !isOver(response));
  }
}
