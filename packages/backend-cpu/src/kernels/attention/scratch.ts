/** Hands out places in a thread's scratch memory. */
export class Scratch {
  bytes = 0;

  /** Offset of that many bytes, and room for a vector more that code may read. */
  take(bytes: number): number {
    const offset = this.bytes;
    this.bytes += Math.ceil((bytes + 16) / 64) * 64;
    return offset;
  }
}
