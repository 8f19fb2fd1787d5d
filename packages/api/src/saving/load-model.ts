/**
 * Opening `.keras` files. Apart from writing them, since only this knows all built-in classes: a program that never loads a
 * model does not carry their chunks.
 */

import { CeratopsError, isCeratopsError } from '@ceratops/kernel-registry';
import { isModel, type Model } from '../engine/model.js';
import { type Config, isPlainObject, type Json } from '../engine/table.js';
import { type Archive, readArchive } from './archive.js';
import { importBuiltIns } from './built-in-classes.js';
import { type CustomObjects, withCustomObjects } from './custom-objects.js';
import { deserializeKerasObject } from './deserialize.js';
import { describeSource, type FileSource, readBytes } from './file-io.js';
import { readHdf5 } from './hdf5/hdf5.js';
import { member } from './keras-file.js';
import { assignWeights } from './weights/weight-file.js';

type AnyModel = Model<never, unknown>;

export interface LoadModelOptions {
  /** Compile the model as it was when saved, optimizer state included; default true. */
  readonly compile?: boolean | undefined;
  /** Classes and functions that the file names and this package does not know. */
  readonly customObjects?: CustomObjects | undefined;
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
  const weights = member(archive, 'model.weights.h5', subject);
  const model = await sound(subject, () => modelOf(config, subject, options));
  assignWeights(model as never, await readHdf5(weights, subject), subject);
  return model;
}

async function modelOf(config: Config, subject: string, options: LoadModelOptions): Promise<AnyModel> {
  await importBuiltIns(config);
  const model = revive(config, subject, options.customObjects);
  const compileConfig = config['compile_config'];
  if (options.compile !== false && isPlainObject(compileConfig) && Object.keys(compileConfig).length > 0) {
    await withCustomObjects(options.customObjects, () => model.compileFromConfig(compileConfig as Config));
  }
  return model;
}

/** Whatever a damaged config makes the classes stumble over is one typed error. */
async function sound<T>(subject: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    if (isCeratopsError(cause)) throw cause;
    throw new CeratopsError('MALFORMED_INPUT', `the config cannot be read (${cause})`, { subject, cause });
  }
}

/**
 * A model with fresh weights from its JSON form: the `config.json` of a `.keras` file, or `JSON.stringify` of what
 * `serializeKerasObject(model)` gives.
 */
export async function modelFromJson(json: string, customObjects?: CustomObjects): Promise<AnyModel> {
  const config = parseJson(json, 'modelFromJson');
  return sound('modelFromJson', async () => {
    await importBuiltIns(config);
    return revive(config, 'modelFromJson', customObjects);
  });
}

function parseConfig(archive: Archive, subject: string): Config {
  const bytes = member(archive, 'config.json', subject);
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), subject);
  } catch (cause) {
    if (cause instanceof CeratopsError) throw cause;
    throw new CeratopsError('MALFORMED_INPUT', 'config.json is not text', { subject, cause });
  }
}

function parseJson(text: string, subject: string): Config {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new CeratopsError('MALFORMED_INPUT', 'the config is not JSON', { subject, cause });
  }
  if (isPlainObject(config) && typeof config['class_name'] === 'string') return config as Config;
  throw new CeratopsError('MALFORMED_INPUT', 'the config describes no object', {
    subject,
    expected: 'class_name and config',
  });
}

function revive(config: Config, subject: string, customObjects: CustomObjects | undefined): AnyModel {
  const model = deserializeKerasObject(config as Json, customObjects);
  if (isModel(model)) return model;
  throw new CeratopsError('MALFORMED_INPUT', 'holds no model', { subject, received: String(config['class_name']) });
}

declare class TextDecoder {
  constructor(encoding: string, options: { fatal: boolean });
  decode(bytes: Uint8Array): string;
}
