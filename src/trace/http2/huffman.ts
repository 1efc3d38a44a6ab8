/**
 * RFC 7541 Appendix B. The code is canonical: the lengths of the 256 octets' codes and of EOS in bits say all of it, as
 * shorter codes come first, and of those of one length the lower octet.
 */
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const endOfString = 256;

/** The code as a tree: a node's two children by the next bit, leaves as the symbol's complement. */
function codeTree(): Int16Array[] {
  const symbols = codeLengths.map((length, symbol) => ({ length, symbol }))
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  const nodes: Int16Array[] = [new Int16Array(2)];
  let code = 0;
  let before = symbols[0]!.length;
  for (const { length, symbol } of symbols) {
    code *= 2 ** (length - before);
    before = length;
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const branch = (code >>> bit) & 1;
      node = nodes[node]![branch] ||= nodes.push(new Int16Array(2)) - 1;
    }
    nodes[node]![code & 1] = ~symbol;
    code += 1;
  }
  return nodes;
}

/**
 * The tree four bits at a time: for each node and each value of the bits, the node after them in the low 8 bits, the
 * octet that ended among them above, and a mark that there was one. No code is shorter than 5 bits, so there is at most
 * one.
 */
interface Steps {
  readonly steps: Uint32Array;
  /** Whether the text may end in a node: after fewer than 8 bits, all of them 1, which begin EOS (§5.2). */
  readonly mayEnd: Uint8Array;
}

const emits = 0x10000;
const fails = 0x20000;

function buildSteps(): Steps {
  const nodes = codeTree();
  const steps = new Uint32Array(nodes.length * 16);
  for (const [node] of nodes.entries()) {
    for (let bits = 0; bits < 16; bits++) steps[node * 16 + bits] = stepFrom(nodes, node, bits);
  }
  const mayEnd = new Uint8Array(nodes.length);
  for (let node = 0, ones = 0; ones < 8; ones++, node = nodes[node]![1]!) mayEnd[node] = 1;
  return { steps, mayEnd };
}

function stepFrom(nodes: readonly Int16Array[], from: number, bits: number): number {
  let node = from;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const next = nodes[node]![(bits >> bit) & 1]!;
    if (next >= 0) {
      node = next;
      continue;
    }
    // §5.2: EOS in the text is an error.
    if (~next === endOfString) return fails;
    emitted = emits | (~next << 8);
    node = 0;
  }
  return emitted | node;
}

let built: Steps | undefined;

/**
 * The octets that `size` octets of `bytes` from `start` stand for (RFC 7541 §5.2), written to `into`, which holds at
 * least 8/5 as many. Gives how many they are; -1 where the code is broken.
 */
export function decodeHuffman(bytes: Uint8Array, start: number, size: number, into: Uint8Array): number {
  built ??= buildSteps();
  const { steps, mayEnd } = built;
  let node = 0;
  let length = 0;
  for (let at = start; at < start + size; at++) {
    const octet = bytes[at]!;
    let step = steps[node * 16 + (octet >> 4)]!;
    if (step & emits) into[length++] = (step >> 8) & 0xff;
    if (step & fails) return -1;
    step = steps[(step & 0xff) * 16 + (octet & 15)]!;
    if (step & emits) into[length++] = (step >> 8) & 0xff;
    if (step & fails) return -1;
    node = step & 0xff;
  }
  return mayEnd[node] ? length : -1;
}
