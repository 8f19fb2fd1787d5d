/**
 * Instructions without immediates beyond the opcode. Constants, not an object: bundlers write the numbers where they are
 * used. late-op.ts has the others.
 */

export const end = 0x0b as const;
const return_ = 0x0f as const;
export const drop = 0x1a as const;
export const select = 0x1b as const;

// i32
export const i32Eqz = 0x45 as const;
export const i32Eq = 0x46 as const;
export const i32Ne = 0x47 as const;
export const i32LtS = 0x48 as const;
export const i32LtU = 0x49 as const;
export const i32GtS = 0x4a as const;
export const i32GtU = 0x4b as const;
export const i32LeS = 0x4c as const;
export const i32LeU = 0x4d as const;
export const i32GeS = 0x4e as const;
export const i32GeU = 0x4f as const;
export const i32Add = 0x6a as const;
export const i32Sub = 0x6b as const;
export const i32Mul = 0x6c as const;
export const i32DivU = 0x6e as const;
export const i32RemU = 0x70 as const;
export const i32And = 0x71 as const;
export const i32Or = 0x72 as const;
export const i32Xor = 0x73 as const;
export const i32Shl = 0x74 as const;
export const i32ShrU = 0x76 as const;
export const i32ReinterpretF32 = 0xbc as const;
export const i32TruncSatF32S = 0x200 as const;
export const i32TruncSatF32U = 0x201 as const;

// f32
export const f32Eq = 0x5b as const;
export const f32Ne = 0x5c as const;
export const f32Lt = 0x5d as const;
export const f32Gt = 0x5e as const;
export const f32Le = 0x5f as const;
export const f32Ge = 0x60 as const;
export const f32Abs = 0x8b as const;
export const f32Neg = 0x8c as const;
export const f32Ceil = 0x8d as const;
export const f32Floor = 0x8e as const;
export const f32Nearest = 0x90 as const;
export const f32Sqrt = 0x91 as const;
export const f32Add = 0x92 as const;
export const f32Sub = 0x93 as const;
export const f32Mul = 0x94 as const;
export const f32Div = 0x95 as const;
export const f32Min = 0x96 as const;
export const f32Max = 0x97 as const;
export const f32ConvertI32S = 0xb2 as const;
export const f32ConvertI32U = 0xb3 as const;
export const f32DemoteF64 = 0xb6 as const;
export const f32ReinterpretI32 = 0xbe as const;

// f64
export const f64Eq = 0x61 as const;
export const f64Min = 0xa4 as const;
export const f64Max = 0xa5 as const;
export const f64PromoteF32 = 0xbb as const;

// v128
export const i32x4Splat = 0x411 as const;
export const f32x4Splat = 0x413 as const;
export const f64x2Splat = 0x414 as const;
export const i32x4Eq = 0x437 as const;
export const i32x4Ne = 0x438 as const;
export const i32x4LtS = 0x439 as const;
export const i32x4LtU = 0x43a as const;
export const i32x4GtS = 0x43b as const;
export const i32x4GtU = 0x43c as const;
export const i32x4LeS = 0x43d as const;
export const i32x4LeU = 0x43e as const;
export const i32x4GeS = 0x43f as const;
export const i32x4GeU = 0x440 as const;
export const f32x4Eq = 0x441 as const;
export const f32x4Ne = 0x442 as const;
export const f32x4Lt = 0x443 as const;
export const f32x4Gt = 0x444 as const;
export const f32x4Le = 0x445 as const;
export const f32x4Ge = 0x446 as const;
export const v128Not = 0x44d as const;
export const v128And = 0x44e as const;
export const v128Andnot = 0x44f as const;
export const v128Or = 0x450 as const;
export const v128Xor = 0x451 as const;
export const v128Bitselect = 0x452 as const;
export const f32x4Ceil = 0x467 as const;
export const f32x4Floor = 0x468 as const;
export const f32x4Nearest = 0x46a as const;
export const i16x8ExtendLowI8x16U = 0x489 as const;
export const i32x4Abs = 0x4a0 as const;
export const i32x4Neg = 0x4a1 as const;
export const i32x4ExtendLowI16x8U = 0x4a9 as const;
export const i32x4Shl = 0x4ab as const;
export const i32x4ShrS = 0x4ac as const;
export const i32x4ShrU = 0x4ad as const;
export const i32x4Add = 0x4ae as const;
export const i32x4Sub = 0x4b1 as const;
export const i32x4Mul = 0x4b5 as const;
export const i32x4MinS = 0x4b6 as const;
export const i32x4MinU = 0x4b7 as const;
export const i32x4MaxS = 0x4b8 as const;
export const i32x4MaxU = 0x4b9 as const;
export const f32x4Abs = 0x4e0 as const;
export const f32x4Neg = 0x4e1 as const;
export const f32x4Sqrt = 0x4e3 as const;
export const f32x4Add = 0x4e4 as const;
export const f32x4Sub = 0x4e5 as const;
export const f32x4Mul = 0x4e6 as const;
export const f32x4Div = 0x4e7 as const;
export const f32x4Min = 0x4e8 as const;
export const f32x4Max = 0x4e9 as const;
export const f32x4Pmin = 0x4ea as const;
export const f32x4Pmax = 0x4eb as const;
export const i32x4TruncSatF32x4S = 0x4f8 as const;
export const i32x4TruncSatF32x4U = 0x4f9 as const;
export const f32x4ConvertI32x4S = 0x4fa as const;
export const f32x4ConvertI32x4U = 0x4fb as const;

// relaxed SIMD
export const f32x4RelaxedMadd = 0x505 as const;
export const f32x4RelaxedNmadd = 0x506 as const;

export { return_ as return };
