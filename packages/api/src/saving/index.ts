/** `keras.saving`: models, weights and objects to and from files. The file formats load when they are first used. */

import { loadPart } from '@ceratops/kernel-registry';
import type { Model } from '../engine/model.js';
import type { CustomObjects } from './custom-objects.js';
import type { BlobLike, FileHandleLike, FileSource, FileTarget, UrlLike } from './file-io.js';
import { filePart } from './file-part.js';
import type { LoadModelOptions } from './load-model.js';
import type { LoadWeightsOptions } from './weights/weight-file.js';

export type { Config, Json } from '../engine/table.js';
export { deserializeKerasObject } from './deserialize.js';
export { getRegisteredName, registerKerasSerializable, serializeKerasObject } from './serialize.js';
export type {
  BlobLike,
  CustomObjects,
  FileHandleLike,
  FileSource,
  FileTarget,
  LoadModelOptions,
  LoadWeightsOptions,
  UrlLike,
};

type AnyModel = Model<never, unknown>;

function openingPart(): Promise<typeof import('./load-model.js')> {
  return loadPart(() => import('./load-model.js'));
}

/**
 * Opens a `.keras` file of Keras 3, of any version, written by Python or by `saveModel`. Nothing in the file is executed
 * or fetched.
 * @param source a path, which in a page is a URL relative to it; a URL, a Blob or File, a FileSystemFileHandle, or bytes.
 * @throws CeratopsError MALFORMED_INPUT for a damaged file; UNKNOWN_NAME for classes not in `customObjects`.
 */
export async function loadModel(source: FileSource, options?: LoadModelOptions): Promise<Model> {
  const file = await openingPart();
  return (await file.loadModel(source, options)) as unknown as Model;
}

/** A model with fresh weights from its JSON form, the `config.json` of a `.keras` file. */
export async function modelFromJson(json: string, customObjects?: CustomObjects): Promise<Model> {
  const file = await openingPart();
  return (await file.modelFromJson(json, customObjects)) as unknown as Model;
}

/**
 * Writes a model to a `.keras` file, which Python's `keras.saving.load_model` opens.
 * @param target a path, which in a page names a download; a `file:` URL or a browser's FileSystemFileHandle.
 */
export async function saveModel(model: AnyModel, target: FileTarget): Promise<void> {
  await (await filePart()).saveModel(model, target);
}

/** Writes the weights, and the optimizer's state, to a `.weights.h5` file. */
export async function saveWeights(model: AnyModel, target: FileTarget): Promise<void> {
  await (await filePart()).saveWeights(model, target);
}

/** Sets the weights of a built model from a `.weights.h5` or a `.keras` file. Nothing changes when the file does not fit. */
export async function loadWeights(model: AnyModel, source: FileSource, options?: LoadWeightsOptions): Promise<void> {
  await (await filePart()).loadWeights(model, source, options);
}
