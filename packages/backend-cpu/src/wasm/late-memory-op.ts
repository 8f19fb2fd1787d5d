/** Memory instructions that only late parts and kernels of other packages use, and with them all others; see late-op.ts. */

export * from './memory-op.js';

export const v128Load8x8S = 0x0_401 as const;
export const v128Load8x8U = 0x0_402 as const;
export const v128Load16x4S = 0x1_403 as const;
export const v128Load16x4U = 0x1_404 as const;
export const v128Load64Zero = 0x2_45d as const;
export const atomicNotify = 0x2_600 as const;
export const atomicWait32 = 0x2_601 as const;
export const i32AtomicLoad = 0x2_610 as const;
export const i64AtomicLoad = 0x3_611 as const;
export const i32AtomicStore = 0x2_617 as const;
export const i64AtomicStore = 0x3_618 as const;
export const i32AtomicAdd = 0x2_61e as const;
export const i64AtomicCompareExchange = 0x3_649 as const;
