/**
 * Makes one value for each node of a list, and keeps it while the node stays: after an edit, the lists before and after
 * have their beginning and their end in common, so only what lies between is made anew.
 */
export function mapped<Node, Value>(
  make: (node: Node) => Value,
): (nodes: readonly Node[]) => readonly Value[] {
  let known: readonly Node[] = [];
  let values: readonly Value[] = [];
  return (nodes) => {
    if (nodes === known) return values;
    const shorter = Math.min(nodes.length, known.length);
    let start = 0;
    while (start < shorter && nodes[start] === known[start]) start++;
    let end = 0;
    while (end < shorter - start && nodes[nodes.length - 1 - end] === known[known.length - 1 - end]) end++;
    const made = nodes.slice(start, nodes.length - end).map(make);
    values = values.slice(0, start).concat(made, values.slice(known.length - end));
    known = nodes;
    return values;
  };
}
