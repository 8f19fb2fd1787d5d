/** `.keras` files, format v3: a zip of `metadata.json`, `config.json` and `model.weights.h5`. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Model } from '../engine/model.js';
import { type Archive, readArchive, writeArchive } from './archive.js';
import { describeSource, type FileSource, type FileTarget, readBytes, writeBytes } from './file-io.js';
import { jsonText } from './json-text.js';
import { serializeWithConstants } from './serialize-constants.js';
import { decodeWeights, encodeWeights, type LoadWeightsOptions } from './weights/weight-file.js';

/** The version of Keras whose files these are. */
const kerasVersion = '3.15.1';

type AnyModel = Model<never, unknown>;

/**
 * Writes config, weights and, for a compiled model, optimizer state. Python's `keras.saving.load_model` opens the file.
 * @param target a path ending in `.keras`, a `file:` URL or a browser's FileSystemFileHandle. In a page a path names a download.
 * @throws CeratopsError INVALID_ARGUMENT for another ending, INVALID_STATE for classes that have no name of their own.
 */
export async function saveModel(model: AnyModel, target: FileTarget): Promise<void> {
  const subject = describeSource(target);
  checkEnding(subject, '.keras');
  await writeBytes(target, await toBytes(model, subject));
}

/** The bytes of the `.keras` file that `saveModel` writes. */
export async function toBytes(model: AnyModel, subject = 'model'): Promise<Uint8Array> {
  if (model.compiled) await model.resolveCompiled();
  const encoder = new TextEncoder();
  const metadata = { keras_version: kerasVersion, date_saved: timestamp(new Date()) };
  return writeArchive({
    'metadata.json': encoder.encode(JSON.stringify(metadata)),
    'config.json': encoder.encode(jsonText(await serializeWithConstants(model))),
    'model.weights.h5': await encodeWeights(model as never, subject),
  });
}

/** Writes the weights, and the optimizer's state, to a `.weights.h5` file. */
export async function saveWeights(model: AnyModel, target: FileTarget): Promise<void> {
  const subject = describeSource(target);
  checkEnding(subject, '.weights.h5');
  await writeBytes(target, await weightsToBytes(model, subject));
}

/** The bytes of the `.weights.h5` file that `saveWeights` writes. */
export async function weightsToBytes(model: AnyModel, subject = 'model'): Promise<Uint8Array> {
  if (model.compiled) await model.resolveCompiled();
  return encodeWeights(model as never, subject);
}

/**
 * Sets the weights of a built model from a `.weights.h5` file or from those inside a `.keras` file.
 * @throws CeratopsError MALFORMED_INPUT or SHAPE_MISMATCH; nothing has changed then.
 */
export async function loadWeights(
  model: AnyModel,
  source: FileSource,
  options: LoadWeightsOptions = {},
): Promise<void> {
  const subject = describeSource(source);
  if (model.compiled) await model.resolveCompiled();
  const bytes = await readBytes(source);
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const weights = isZip ? member(await readArchive(bytes, subject), 'model.weights.h5', subject) : bytes;
  await decodeWeights(model as never, weights, subject, options);
}

function checkEnding(path: string, ending: string): void {
  if (path.endsWith(ending)) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'bad file name', {
    subject: path,
    expected: `a name that ends in ${ending}`,
  });
}

/** A member of the archive. @throws MALFORMED_INPUT when it is missing. */
export function member(archive: Archive, name: string, subject: string): Uint8Array {
  const bytes = archive[name];
  if (bytes !== undefined) return bytes;
  throw new CeratopsError('MALFORMED_INPUT', `has no ${name}`, {
    subject,
    expected: 'config.json and model.weights.h5',
    received: Object.keys(archive).join(', ') || 'an empty archive',
  });
}

/** `2026-11-23@09:52:26` */
function timestamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}@${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(encoding: string, options: { fatal: boolean });
  decode(bytes: Uint8Array): string;
}
