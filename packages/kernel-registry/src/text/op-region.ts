/** Text of the ops with regions, of the numeric ops, composites and custom calls. */

import { buildProgram, decompose } from '../any-op.js';
import type { AttributeValue, CompositeAttributes, OpAttributes, WindowAttributes } from '../opset.js';
import type { Program } from '../program.js';
import { type Fields, printArray, printFloat, printKey, printPairs, printString, printSymbol } from './attributes.js';
import { enumerator, type OpText, type OpTexts, type WrittenAttribute } from './op-text.js';
import type { Attribute } from './tree.js';

function writeWindow(window: WindowAttributes): WrittenAttribute[] {
  return [
    ['window_dimensions', printArray(window.windowDimensions)],
    ['window_strides', printArray(window.windowStrides)],
    ['padding', printPairs(window.padding)],
  ];
}

function readWindow(fields: Fields): WindowAttributes {
  const windowDimensions = fields.integers('window_dimensions');
  return {
    windowDimensions,
    windowStrides: fields.integers(
      'window_strides',
      windowDimensions.map(() => 1),
    ),
    padding: fields.pairs(
      'padding',
      windowDimensions.map(() => [0, 0] as const),
    ),
  };
}

const reductionTexts: OpTexts<'reduce' | 'reduce_window' | 'select_and_scatter' | 'sort'> = {
  reduce: {
    write: ({ attributes }) => [['dimensions', printArray(attributes.dimensions)]],
    regions: ({ body }) => [body],
    read: ({ fields, regions }) => ({ dimensions: fields.integers('dimensions'), body: regions[0]! }),
  },
  reduce_window: {
    write: ({ attributes }) => [
      ...writeWindow(attributes),
      ['base_dilations', printArray(attributes.baseDilations)],
      ['window_dilations', printArray(attributes.windowDilations)],
    ],
    regions: ({ body }) => [body],
    read({ fields, regions }) {
      const window = readWindow(fields);
      const ones = window.windowDimensions.map(() => 1);
      return {
        ...window,
        baseDilations: fields.integers('base_dilations', ones),
        windowDilations: fields.integers('window_dilations', ones),
        body: regions[0]!,
      };
    },
  },
  select_and_scatter: {
    write: ({ attributes }) => writeWindow(attributes),
    regions: ({ select, scatter }) => [select, scatter],
    read: ({ fields, regions }) => ({ ...readWindow(fields), select: regions[0]!, scatter: regions[1]! }),
  },
  sort: {
    write: ({ attributes }) => [
      ['dimension', `${attributes.dimension} : i64`],
      ['is_stable', String(attributes.isStable)],
    ],
    regions: ({ comparator }) => [comparator],
    read({ fields, operandTypes, regions }) {
      const dimension = fields.integer('dimension', -1);
      return {
        dimension: dimension < 0 ? dimension + operandTypes[0]!.shape.length : dimension,
        isStable: fields.boolean('is_stable', false),
        comparator: regions[0]!,
      };
    },
  },
};

const controlTexts: OpTexts<'while' | 'case'> = {
  while: {
    regions: ({ condition, body }) => [condition, body],
    read: ({ regions }) => ({ condition: regions[0]!, body: regions[1]! }),
  },
  case: {
    regions: ({ branches }) => branches,
    read: ({ regions }) => ({ branches: regions }),
  },
};

const fftTypes: readonly OpAttributes['fft']['fftType'][] = ['FFT', 'IFFT', 'RFFT', 'IRFFT'];
const transposes: readonly OpAttributes['triangular_solve']['transposeA'][] = ['NO_TRANSPOSE', 'TRANSPOSE', 'ADJOINT'];

const numericTexts: OpTexts<'fft' | 'cholesky' | 'triangular_solve'> = {
  fft: {
    write: ({ attributes }) => [
      ['fft_type', enumerator('fft_type', attributes.fftType)],
      ['fft_length', printArray(attributes.fftLength)],
    ],
    read: ({ fields }) => ({ fftType: fields.word('fft_type', fftTypes), fftLength: fields.integers('fft_length') }),
  },
  cholesky: {
    write: ({ attributes }) => [['lower', String(attributes.lower)]],
    read: ({ fields }) => ({ lower: fields.boolean('lower', false) }),
  },
  triangular_solve: {
    write: ({ attributes }) => [
      ['left_side', String(attributes.leftSide)],
      ['lower', String(attributes.lower)],
      ['unit_diagonal', String(attributes.unitDiagonal)],
      ['transpose_a', enumerator('transpose', attributes.transposeA)],
    ],
    read: ({ fields }) => ({
      leftSide: fields.boolean('left_side'),
      lower: fields.boolean('lower'),
      unitDiagonal: fields.boolean('unit_diagonal'),
      transposeA: fields.word('transpose_a', transposes),
    }),
  },
};

/** Plain data as an attribute: whole numbers are i64, others f64, null is unit. */
export function printValue(value: AttributeValue): string {
  if (value === null) return 'unit';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return printString(value);
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? `${value} : i64` : printFloat(value);
  }
  if (Array.isArray(value)) return `[${(value as readonly AttributeValue[]).map(printValue).join(', ')}]`;
  const entries = Object.entries(value as { readonly [name: string]: AttributeValue });
  return `{${entries.map(([key, entry]) => `${printKey(key)} = ${printValue(entry)}`).join(', ')}}`;
}

function plainValue(attribute: Attribute, fail: (expected: string) => Error): AttributeValue {
  switch (attribute.kind) {
    case 'unit':
      return null;
    case 'bool':
    case 'float':
    case 'string':
    case 'symbol':
      return attribute.value;
    case 'integer':
      return Number(attribute.value);
    case 'array':
      return attribute.items.map((item) => plainValue(item, fail));
    case 'dictionary':
      return dataOf(attribute, fail);
    case 'dense':
      return Array.from(attribute.value.data as ArrayLike<number | bigint>, Number);
    default:
      throw fail('plain data');
  }
}

/** A dictionary attribute as plain data; nothing is an empty one. */
function dataOf(
  attribute: Attribute | undefined,
  fail: (expected: string) => Error,
): { [name: string]: AttributeValue } {
  if (attribute === undefined) return {};
  if (attribute.kind === 'string') return attribute.value === '' ? {} : { backend_config: attribute.value };
  if (attribute.kind !== 'dictionary') throw fail('a dictionary');
  return Object.fromEntries([...attribute.entries].map(([key, entry]) => [key, plainValue(entry, fail)]));
}

type Define = (name: string, program: Program) => string;

/** Regions are private functions of the module. */
function printCompositeAttributes(attributes: CompositeAttributes, define: Define): string {
  const entries = Object.entries(attributes).map(([key, value]) => {
    const text = isRegion(value) ? printSymbol(define(key, value)) : printValue(value);
    return `${printKey(key)} = ${text}`;
  });
  return `{${entries.join(', ')}}`;
}

function isRegion(value: AttributeValue | Program): value is Program {
  return typeof value === 'object' && value !== null && 'instructions' in value;
}

function compositeAttributesOf(
  attribute: Attribute | undefined,
  program: (symbol: string) => Program,
  fail: (expected: string) => Error,
): CompositeAttributes {
  const data: { [name: string]: AttributeValue | Program } = dataOf(attribute, fail);
  if (attribute?.kind !== 'dictionary') return data;
  for (const [key, entry] of attribute.entries) if (entry.kind === 'symbol') data[key] = program(entry.value);
  return data;
}

const composite: OpText<'composite'> = {
  write({ attributes }, { define, operandTypes }) {
    const [name, version] = splitVersion(attributes.name);
    const program = buildProgram(operandTypes, (emitter, ...values) => decompose(emitter, attributes, values));
    const symbol = define(`${name}.v${version}`, program);
    return [
      ['name', printString(name)],
      ['composite_attributes', printCompositeAttributes(attributes.attributes, define)],
      ['decomposition', printSymbol(symbol)],
      ['version', `${version} : i32`],
    ];
  },
  read({ fields, fail, program }) {
    return {
      name: `${fields.string('name')}@${fields.integer('version', 0)}`,
      attributes: compositeAttributesOf(fields.get('composite_attributes'), program, fail),
      decomposition: program(fields.string('decomposition')),
    };
  },
};

function splitVersion(name: string): readonly [name: string, version: number] {
  const at = name.lastIndexOf('@');
  return at < 0 ? [name, 0] : [name.slice(0, at), Number(name.slice(at + 1))];
}

const customCall: OpText<'custom_call'> = {
  write: ({ attributes }) => [
    ['call_target_name', printString(attributes.target)],
    ['api_version', '4 : i32'],
    ['backend_config', printValue(attributes.config)],
  ],
  read: ({ fields, fail, resultTypes }) => ({
    target: fields.string('call_target_name'),
    config: dataOf(fields.get('backend_config'), fail),
    results: resultTypes,
  }),
};

export const regionTexts: OpTexts<
  keyof typeof reductionTexts | keyof typeof controlTexts | keyof typeof numericTexts | 'composite' | 'custom_call'
> = { ...reductionTexts, ...controlTexts, ...numericTexts, composite, custom_call: customCall };
