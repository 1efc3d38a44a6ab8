/**
 * Bytes of a slab, and of a write: large, since each write costs a way to another thread and back, but not so large
 * that the slabs leave the processor's cache, or that the kernel looks for memory in pieces it has not used lately.
 */
export const slabSize = 256 * 1024;

/** So many are kept for the next content when nobody uses them. */
const kept = 8;

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
