/** Instructions with a memory argument: `alignment hint as log2 << 12 | opcode`. Constants, not an object: bundlers write the numbers where they are used. */

export const i32Load = 0x2_028 as const;
export const i64Load = 0x3_029 as const;
export const f32Load = 0x2_02a as const;
export const f64Load = 0x3_02b as const;
export const i32Load8S = 0x0_02c as const;
export const i32Load8U = 0x0_02d as const;
export const i32Load16S = 0x1_02e as const;
export const i32Load16U = 0x1_02f as const;
export const i32Store = 0x2_036 as const;
export const i64Store = 0x3_037 as const;
export const f32Store = 0x2_038 as const;
export const f64Store = 0x3_039 as const;
export const i32Store8 = 0x0_03a as const;
export const i32Store16 = 0x1_03b as const;
export const v128Load = 0x2_400 as const;
export const v128Load32Splat = 0x2_409 as const;
export const v128Load64Splat = 0x3_40a as const;
export const v128Store = 0x2_40b as const;
export const v128Load32Zero = 0x2_45c as const;
