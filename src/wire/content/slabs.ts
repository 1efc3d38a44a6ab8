/**
 * Bytes of a slab, and of a write. Larger writes have fewer ways to another thread and back, but cost the kernel half as
 * much again in all, and what is written has left the processor's cache by then.
 */
export const slabSize = 64 * 1024;

/** So many are kept for the next content when nobody uses them: 3 MiB. */
const kept = 48;

const free: Buffer[] = [];

/**
 * Memory that contents are gathered in before they are written. It is used again and again: memory that was written
 * before costs the kernel a fraction of what fresh memory does.
 */
export function takeSlab(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(slabSize);
}

/** Nobody looks at it any more. */
export function giveBackSlab(slab: Buffer): void {
  if (free.length < kept) free.push(slab);
}
