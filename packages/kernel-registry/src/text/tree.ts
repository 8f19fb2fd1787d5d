/** What the parser reads: MLIR as written, before it becomes a Program. */

import type { Literal } from '../literal.js';
import type { TensorType } from '../tensor-type.js';

export type Attribute =
  | { readonly kind: 'unit' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'symbol'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Attribute[] }
  | { readonly kind: 'dictionary'; readonly entries: AttributeMap }
  | { readonly kind: 'dense'; readonly value: Literal }
  | { readonly kind: 'type'; readonly type: TensorType }
  /** `#dialect<word word>` or `WORD`: an enumerator; the last word counts. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** `[b, 0, f]x[0, i, o]->[b, 0, f]` */
  | { readonly kind: 'convolution'; readonly operands: readonly (readonly (string | number)[])[] };

export type AttributeMap = ReadonlyMap<string, Attribute>;

export interface TextOp {
  /** `stablehlo.add`, `func.call`. */
  readonly name: string;
  /** One name per result, `#k` included where several share one name. */
  readonly results: readonly string[];
  readonly operands: readonly string[];
  readonly attributes: AttributeMap;
  readonly regions: readonly TextRegion[];
  readonly resultTypes: readonly TensorType[];
  /** Where it starts in the text. */
  readonly offset: number;
}

export interface TextArgument {
  readonly name: string;
  readonly type: TensorType;
  readonly attributes: AttributeMap;
}

/** One block; its last op is the terminator. */
export interface TextRegion {
  readonly inputs: readonly TextArgument[];
  readonly ops: readonly TextOp[];
}

export interface TextFunction extends TextRegion {
  readonly name: string;
  readonly visibility: 'public' | 'private';
  readonly offset: number;
}

export interface TextModule {
  readonly name: string | undefined;
  readonly functions: ReadonlyMap<string, TextFunction>;
}
