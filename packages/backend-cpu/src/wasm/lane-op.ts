/** Lane reads and writes. Constants, not an object: bundlers write the numbers where they are used. */

export const i32x4Extract = 0xfd001b as const;
export const i32x4Replace = 0xfd001c as const;
export const i64x2Extract = 0xfd001d as const;
export const i64x2Replace = 0xfd001e as const;
export const f32x4Extract = 0xfd001f as const;
export const f32x4Replace = 0xfd0020 as const;
export const f64x2Extract = 0xfd0021 as const;
export const f64x2Replace = 0xfd0022 as const;
