/** `model.summary()`: the table of Keras 3.15.1, character for character. */

import { byteSizeOf, sizeOf, type TensorType } from '@ceratops/kernel-registry';
import type { AnyLayer } from '../engine/call-context.js';
import { classNameOf } from '../engine/define.js';
import { formatShape, isKerasTensor, type KerasTensor } from '../engine/keras-tensor.js';
import { isShape, mapShapes } from '../engine/layer.js';
import { isLayer } from '../engine/layer-state.js';
import type { Model } from '../engine/model.js';
import type { Node, Operation } from '../engine/node.js';
import { OpCall } from '../engine/operation.js';
import { flatten } from '../engine/tree.js';
import { fixed, roundHalfEven } from './format.js';
import { textStream } from './output.js';
import { type Column, renderTable } from './table-text.js';

export interface SummaryOptions {
  /** Width of the table; 88, or 108 with the column of connections, and no more than the terminal. */
  readonly lineLength?: number | undefined;
  /** Show the layers inside layers. */
  readonly expandNested?: boolean | undefined;
  readonly showTrainable?: boolean | undefined;
  /** Gets the whole text instead of the terminal. */
  readonly print?: ((text: string) => void) | undefined;
}

type AnyModel = Model<never, unknown>;

/** Prints the summary and returns it. */
export function modelSummary(model: AnyModel, options: SummaryOptions): string {
  const { graph } = model.$model;
  const operations: readonly Operation[] =
    classNameOf(model) === 'Sequential' || graph === undefined ? model.layers : graph.operations;
  const nodes =
    graph !== undefined && operations === graph.operations && !isChain(graph.nodesByDepth, operations)
      ? new Set(graph.nodes)
      : undefined;
  const columns = layout(nodes !== undefined, options);
  const rows = operations.flatMap((operation) => rowsOf(operation, 0, nodes, options));
  const text = `Model: "${model.name}"\n${renderTable(columns, rows)}${totals(model)}`;
  if (options.print === undefined) textStream().write(text);
  else options.print(text);
  return text;
}

/** One node after the other, no layer twice: the column of connections would say nothing. */
function isChain(nodesByDepth: ReadonlyMap<number, readonly Node[]>, operations: readonly Operation[]): boolean {
  const groups = [...nodesByDepth.values()];
  if (groups.some((group) => group.length > 1 || group[0]!.inputs.length > 1)) return false;
  const nodes = new Set(groups.flat());
  return operations.every(({ inboundNodes }) => inboundNodes.filter((node) => nodes.has(node)).length <= 1);
}

function layout(connections: boolean, { lineLength, showTrainable = false }: SummaryOptions): Column[] {
  const names: [string, Column['align']][] = [
    ['Layer (type)', 'left'],
    ['Output Shape', 'left'],
    ['Param #', 'right'],
  ];
  if (connections) names.push(['Connected to', 'left']);
  let positions = connections ? [0.3, 0.56, 0.74, 1] : [0.45, 0.8, 1];
  let width = connections ? 108 : 88;
  if (showTrainable) {
    names.push(['Trainable', 'center']);
    positions = [...positions.map((position) => position * 0.9), 1];
    width += 12;
  }
  const total = lineLength ?? Math.min(width, (textStream().columns ?? 80) - 4);
  const ends = positions.map((position) => Math.trunc(position * total));
  const widths = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  return fitted(widths, total).map((cell, i) => ({ title: names[i]![0], align: names[i]![1], width: cell }));
}

/** What `rich` leaves of the widths once borders and padding have taken their share, spread evenly and rounded to even. */
function fitted(widths: readonly number[], total: number): number[] {
  let excess = widths.reduce((sum, width) => sum + width + 3, 1) - total;
  return widths.map((width, i) => {
    const share = roundHalfEven(excess / (widths.length - i));
    excess -= share;
    return width - share;
  });
}

function rowsOf(
  operation: Operation,
  level: number,
  nodes: ReadonlySet<Node> | undefined,
  options: SummaryOptions,
): string[][] {
  const prefix = level === 0 ? '' : `${'   '.repeat(level)}└ `;
  const layer = isLayer(operation) ? operation : undefined;
  const fields = [`${prefix}${operation.name} (${typeName(operation)})`, outputShape(operation), parameters(layer)];
  if (nodes !== undefined) fields.push(connectionsOf(operation, nodes));
  if (options.showTrainable === true)
    fields.push(layer === undefined || layer.weights.length === 0 ? '-' : layer.trainable ? 'Y' : 'N');
  const nested = options.expandNested === true ? ((layer as Partial<AnyModel> | undefined)?.layers ?? []) : [];
  return [fields, ...nested.flatMap((inner) => rowsOf(inner, level + 1, nodes, options))];
}

function typeName(operation: Operation): string {
  return operation instanceof OpCall ? operation.declaration.className : classNameOf(operation);
}

function parameters(layer: AnyLayer | undefined): string {
  if (layer === undefined) return '0';
  return layer.built ? grouped(layer.countParams()) : '0 (unbuilt)';
}

function outputShape(operation: Operation): string {
  const node = operation.inboundNodes.at(-1);
  if (node !== undefined) return listed(node.outputs.map(shapeText));
  if (!isLayer(operation)) return '?';
  const { buildShape } = operation.$layer;
  if (buildShape === undefined) return '?';
  const known = (operation as unknown as Partial<AnyModel>).outputShape;
  if (isShape(known)) return plainShape(known);
  try {
    return listed(flatten<string>(mapShapes(operation.computeOutputShape(buildShape), (shape) => plainShape(shape))));
  } catch {
    return '?';
  }
}

function listed(shapes: readonly string[]): string {
  return shapes.length === 1 ? shapes[0]! : `[${shapes.join(', ')}]`;
}

/** Keras writes one-dimensional shapes here without the comma: `(None)`. */
function plainShape(shape: readonly (number | null)[]): string {
  return formatShape(shape).replace(/,\)$/, ')');
}

function shapeText(tensor: KerasTensor): string {
  return isKerasTensor(tensor) ? plainShape(tensor.shape) : '?';
}

function connectionsOf(operation: Operation, nodes: ReadonlySet<Node>): string {
  const sources = operation.inboundNodes.filter((node) => nodes.has(node)).flatMap(({ inputs }) => inputs);
  const texts = sources.map(
    ({ history }) => `${history!.operation.name}[${history!.nodeIndex}][${history!.tensorIndex}]`,
  );
  return texts.length === 0 ? '-' : texts.join(', ');
}

function totals(model: AnyModel): string {
  const trainable = measure(model.trainableWeights);
  const frozen = measure(model.nonTrainableWeights);
  const { optimizer } = model;
  const state = optimizer?.built === true ? measure(optimizer.variables) : undefined;
  const sum = {
    count: trainable.count + frozen.count + (state?.count ?? 0),
    bytes: trainable.bytes + frozen.bytes + (state?.bytes ?? 0),
  };
  const lines = [line('Total', sum), line('Trainable', trainable), line('Non-trainable', frozen)];
  if (state !== undefined) lines.push(line('Optimizer', state));
  return lines.join('');
}

interface Measure {
  readonly count: number;
  readonly bytes: number;
}

function measure(variables: readonly TensorType[]): Measure {
  const unique = [...new Set(variables)];
  return {
    count: unique.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    bytes: unique.reduce((sum, { dtype, shape }) => sum + byteSizeOf({ dtype, shape }), 0),
  };
}

function line(what: string, { count, bytes }: Measure): string {
  return ` ${what} params: ${grouped(count)} (${readableSize(bytes)})\n`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function readableSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${fixed(size, 2)} ${units[unit]}`;
}
