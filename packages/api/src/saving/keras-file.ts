/** `.keras` files, format v3: a zip of `metadata.json`, `config.json` and `model.weights.h5`. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { isModel, type Model } from '../engine/model.js';
import { type Config, isPlainObject, type Json } from '../engine/table.js';
import { type Archive, readArchive, writeArchive } from './archive.js';
import { importBuiltIns } from './built-in-classes.js';
import { describeSource, type FileSource, type FileTarget, readBytes, writeBytes } from './file-io.js';
import { readHdf5 } from './hdf5/hdf5.js';
import {
  type CustomObjects,
  deserializeKerasObject,
  serializeKerasObject,
  withCustomObjects,
} from './serialization.js';
import { assignWeights, decodeWeights, encodeWeights, type LoadWeightsOptions } from './weights/weight-file.js';

/** The version of Keras whose files these are. */
const kerasVersion = '3.15.1';

type AnyModel = Model<never, unknown>;

export interface LoadModelOptions {
  /** Compile the model as it was when saved, optimizer state included; default true. */
  readonly compile?: boolean | undefined;
  /** Classes and functions that the file names and this package does not know. */
  readonly customObjects?: CustomObjects | undefined;
}

/**
 * Writes config, weights and, for a compiled model, optimizer state. Python's `keras.saving.load_model` opens the file.
 * @param target a path ending in `.keras`, a `file:` URL or a browser's FileSystemFileHandle.
 * @throws CeratopsError INVALID_ARGUMENT for another ending, INVALID_STATE for classes that have no name of their own.
 */
export async function saveModel(model: AnyModel, target: FileTarget): Promise<void> {
  const subject = describeSource(target);
  checkEnding(subject, '.keras');
  await writeBytes(target, await modelToBytes(model, subject));
}

/** The bytes of the `.keras` file that `saveModel` writes. */
export async function modelToBytes(model: AnyModel, subject = 'model'): Promise<Uint8Array> {
  if (model.compiled) await model.resolveCompiled();
  const encoder = new TextEncoder();
  const metadata = { keras_version: kerasVersion, date_saved: timestamp(new Date()) };
  return writeArchive({
    'metadata.json': encoder.encode(JSON.stringify(metadata)),
    'config.json': encoder.encode(JSON.stringify(serializeKerasObject(model))),
    'model.weights.h5': await encodeWeights(model as never, subject),
  });
}

/**
 * Opens a `.keras` file of Keras 3, of any version, written by Python or by `saveModel`. Nothing in the file is executed
 * or fetched.
 * @throws CeratopsError MALFORMED_INPUT for a damaged file; UNKNOWN_NAME for classes not in `customObjects`.
 */
export async function loadModel(source: FileSource, options: LoadModelOptions = {}): Promise<AnyModel> {
  const subject = describeSource(source);
  const archive = await readArchive(await readBytes(source), subject);
  const config = parseConfig(archive, subject);
  const weights = await readHdf5(member(archive, 'model.weights.h5', subject), subject);
  await importBuiltIns(config);
  const model = revive(config, subject, options.customObjects);
  const compileConfig = config['compile_config'];
  if (options.compile !== false && isPlainObject(compileConfig) && Object.keys(compileConfig).length > 0) {
    await withCustomObjects(options.customObjects, () => model.compileFromConfig(compileConfig as Config));
  }
  assignWeights(model as never, weights, subject);
  return model;
}

/** Writes the weights, and the optimizer's state, to a `.weights.h5` file. */
export async function saveWeights(model: AnyModel, target: FileTarget): Promise<void> {
  const subject = describeSource(target);
  checkEnding(subject, '.weights.h5');
  if (model.compiled) await model.resolveCompiled();
  await writeBytes(target, await encodeWeights(model as never, subject));
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

function member(archive: Archive, name: string, subject: string): Uint8Array {
  const bytes = archive[name];
  if (bytes !== undefined) return bytes;
  throw new CeratopsError('MALFORMED_INPUT', `has no ${name}`, {
    subject,
    expected: 'config.json and model.weights.h5',
    received: Object.keys(archive).join(', ') || 'an empty archive',
  });
}

function parseConfig(archive: Archive, subject: string): Config {
  const bytes = member(archive, 'config.json', subject);
  try {
    const config: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isPlainObject(config) && typeof config['class_name'] === 'string') return config as Config;
  } catch (cause) {
    throw new CeratopsError('MALFORMED_INPUT', 'config.json is not JSON', { subject, cause });
  }
  throw new CeratopsError('MALFORMED_INPUT', 'config.json describes no object', {
    subject,
    expected: 'class_name and config',
  });
}

function revive(config: Config, subject: string, customObjects: CustomObjects | undefined): AnyModel {
  const model = deserializeKerasObject(config as Json, customObjects);
  if (isModel(model)) return model;
  throw new CeratopsError('MALFORMED_INPUT', 'holds no model', { subject, received: String(config['class_name']) });
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
