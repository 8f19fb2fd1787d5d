/**
 * The instructions that only late parts and kernels of other packages use, and with them all others. They have a file of
 * their own because bundlers put a file that two chunks use into the chunk that loads first, with all its constants.
 */

export * from './op.js';

export const unreachable = 0x00 as const;

// i32
export const i32Clz = 0x67 as const;
export const i32DivS = 0x6d as const;
export const i32RemS = 0x6f as const;
export const i32ShrS = 0x75 as const;
export const i32WrapI64 = 0xa7 as const;
export const i32Extend8S = 0xc0 as const;
export const i32Extend16S = 0xc1 as const;
export const i32TruncSatF64S = 0x202 as const;
export const i32TruncSatF64U = 0x203 as const;

// i64
export const i64Eqz = 0x50 as const;
export const i64Eq = 0x51 as const;
export const i64Ne = 0x52 as const;
export const i64LtS = 0x53 as const;
export const i64LtU = 0x54 as const;
export const i64GtS = 0x55 as const;
export const i64GtU = 0x56 as const;
export const i64LeS = 0x57 as const;
export const i64LeU = 0x58 as const;
export const i64GeS = 0x59 as const;
export const i64GeU = 0x5a as const;
export const i64Add = 0x7c as const;
export const i64Sub = 0x7d as const;
export const i64Mul = 0x7e as const;
export const i64DivS = 0x7f as const;
export const i64DivU = 0x80 as const;
export const i64RemS = 0x81 as const;
export const i64RemU = 0x82 as const;
export const i64And = 0x83 as const;
export const i64Or = 0x84 as const;
export const i64Xor = 0x85 as const;
export const i64Shl = 0x86 as const;
export const i64ShrS = 0x87 as const;
export const i64ShrU = 0x88 as const;
export const i64ExtendI32S = 0xac as const;
export const i64ExtendI32U = 0xad as const;
export const i64ReinterpretF64 = 0xbd as const;
export const i64TruncSatF32S = 0x204 as const;
export const i64TruncSatF32U = 0x205 as const;
export const i64TruncSatF64S = 0x206 as const;
export const i64TruncSatF64U = 0x207 as const;

// f32
export const f32Trunc = 0x8f as const;
export const f32Copysign = 0x98 as const;
export const f32ConvertI64S = 0xb4 as const;
export const f32ConvertI64U = 0xb5 as const;

// f64
export const f64Ne = 0x62 as const;
export const f64Lt = 0x63 as const;
export const f64Gt = 0x64 as const;
export const f64Le = 0x65 as const;
export const f64Ge = 0x66 as const;
export const f64Abs = 0x99 as const;
export const f64Neg = 0x9a as const;
export const f64Ceil = 0x9b as const;
export const f64Floor = 0x9c as const;
export const f64Trunc = 0x9d as const;
export const f64Nearest = 0x9e as const;
export const f64Sqrt = 0x9f as const;
export const f64Add = 0xa0 as const;
export const f64Sub = 0xa1 as const;
export const f64Mul = 0xa2 as const;
export const f64Div = 0xa3 as const;
export const f64Copysign = 0xa6 as const;
export const f64ConvertI32S = 0xb7 as const;
export const f64ConvertI32U = 0xb8 as const;
export const f64ConvertI64S = 0xb9 as const;
export const f64ConvertI64U = 0xba as const;
export const f64ReinterpretI64 = 0xbf as const;

// v128
export const i8x16Splat = 0x40f as const;
export const i16x8Splat = 0x410 as const;
export const i64x2Splat = 0x412 as const;
export const f64x2Eq = 0x447 as const;
export const f64x2Ne = 0x448 as const;
export const f64x2Lt = 0x449 as const;
export const f64x2Gt = 0x44a as const;
export const f64x2Le = 0x44b as const;
export const f64x2Ge = 0x44c as const;
export const v128AnyTrue = 0x453 as const;
export const f32x4DemoteF64x2Zero = 0x45e as const;
export const f64x2PromoteLowF32x4 = 0x45f as const;
export const i8x16NarrowI16x8S = 0x465 as const;
export const i8x16NarrowI16x8U = 0x466 as const;
export const f32x4Trunc = 0x469 as const;
export const f64x2Ceil = 0x474 as const;
export const f64x2Floor = 0x475 as const;
export const f64x2Trunc = 0x47a as const;
export const f64x2Nearest = 0x494 as const;
export const i16x8NarrowI32x4S = 0x485 as const;
export const i16x8NarrowI32x4U = 0x486 as const;
export const i16x8ExtendLowI8x16S = 0x487 as const;
export const i32x4AllTrue = 0x4a3 as const;
export const i32x4Bitmask = 0x4a4 as const;
export const i32x4ExtendLowI16x8S = 0x4a7 as const;
export const i32x4ExtendHighI16x8S = 0x4a8 as const;
export const i32x4ExtendHighI16x8U = 0x4aa as const;
export const i64x2ExtendLowI32x4S = 0x4c7 as const;
export const i64x2ExtendLowI32x4U = 0x4c9 as const;
export const i64x2Add = 0x4ce as const;
export const i64x2Sub = 0x4d1 as const;
export const f64x2Abs = 0x4ec as const;
export const f64x2Neg = 0x4ed as const;
export const f64x2Sqrt = 0x4ef as const;
export const f64x2Add = 0x4f0 as const;
export const f64x2Sub = 0x4f1 as const;
export const f64x2Mul = 0x4f2 as const;
export const f64x2Div = 0x4f3 as const;
export const f64x2Min = 0x4f4 as const;
export const f64x2Max = 0x4f5 as const;
export const i32x4TruncSatF64x2SZero = 0x4fc as const;
export const i32x4TruncSatF64x2UZero = 0x4fd as const;
export const f64x2ConvertLowI32x4S = 0x4fe as const;
export const f64x2ConvertLowI32x4U = 0x4ff as const;

// relaxed SIMD
export const f64x2RelaxedMadd = 0x507 as const;
export const f64x2RelaxedNmadd = 0x508 as const;
