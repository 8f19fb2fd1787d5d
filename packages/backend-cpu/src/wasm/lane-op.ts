/** Lane reads and writes. Constants, not an object: bundlers write the numbers where they are used. */

export const i32x4Extract = 0x41b as const;
export const i32x4Replace = 0x41c as const;
export const i64x2Extract = 0x41d as const;
export const i64x2Replace = 0x41e as const;
export const f32x4Extract = 0x41f as const;
export const f32x4Replace = 0x420 as const;
export const f64x2Extract = 0x421 as const;
export const f64x2Replace = 0x422 as const;
