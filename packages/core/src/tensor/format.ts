/** How tensors look in text: `Tensor float32[2,3] [[1, 2, 3], [4, 5, 6]]`, long axes shortened as NumPy does. */
import { formatType, type TensorType } from '@ceratops/kernel-registry';
import { type HostTensor, toNested } from './host-data.js';

const edgeItems = 3;
const summarised = 1000;

export function formatTensor(name: string, type: TensorType, values: HostTensor | undefined): string {
  const head = `${name} ${formatType(type)}`;
  return values === undefined ? head : `${head} ${formatNested(toNested(values), values.data.length > summarised)}`;
}

function formatNested(value: unknown, shorten: boolean): string {
  if (!Array.isArray(value)) return formatElement(value);
  const parts =
    shorten && value.length > 2 * edgeItems
      ? [
          ...value.slice(0, edgeItems).map((item) => formatNested(item, shorten)),
          '…',
          ...value.slice(-edgeItems).map((item) => formatNested(item, shorten)),
        ]
      : value.map((item) => formatNested(item, shorten));
  return `[${parts.join(', ')}]`;
}

function formatElement(value: unknown): string {
  if (typeof value !== 'number') return `${value}`;
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(7))}`;
}
