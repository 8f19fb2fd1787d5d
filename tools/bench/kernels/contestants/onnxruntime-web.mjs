// @ts-check
import { opener } from './onnxruntime.mjs';

export const open = opener('onnxruntime-web');
