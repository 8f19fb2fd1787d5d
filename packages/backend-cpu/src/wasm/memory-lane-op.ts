/** Lane accesses to memory, as in memory-op.ts. */

export const load8Lane = 0x0_454 as const;
export const load16Lane = 0x1_455 as const;
export const load32Lane = 0x2_456 as const;
export const store8Lane = 0x0_458 as const;
export const store16Lane = 0x1_459 as const;
export const store32Lane = 0x2_45a as const;
export const store64Lane = 0x2_45b as const;
