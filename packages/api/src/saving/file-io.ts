/**
 * Where model files come from and go to: paths, URLs, Blobs, file handles and plain bytes. A page has no file system: there a
 * path to read is a URL relative to the page, and a path to write names a download.
 */

import { CeratopsError } from '@ceratops/kernel-registry';
import { nodeBuiltin } from '../platform/node.js';

/** A browser's Blob or File, or anything like it. */
export interface BlobLike {
  arrayBuffer(): Promise<ArrayBuffer>;
  readonly name?: string;
}

/** A browser's FileSystemFileHandle. */
export interface FileHandleLike {
  readonly name: string;
  getFile(): Promise<BlobLike>;
  createWritable(): Promise<WritableLike>;
}

interface WritableLike {
  write(data: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Leaves the file as it was. */
  abort?(): Promise<void>;
}

/** A URL object. */
export interface UrlLike {
  readonly href: string;
}

/** A path, an http(s), blob or data URL, a Blob, a file handle, or the bytes themselves. */
export type FileSource = string | UrlLike | BlobLike | FileHandleLike | Uint8Array | ArrayBuffer;
export type FileTarget = string | UrlLike | FileHandleLike;

interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface Anchor {
  href: string;
  download: string;
  click(): void;
}

declare const URL: {
  new (url: string): { readonly pathname: string };
  createObjectURL(blob: object): string;
  revokeObjectURL(url: string): void;
};
declare const Blob: new (parts: readonly Uint8Array[], options: { type: string }) => object;
declare const fetch: (url: string) => Promise<FetchResponse>;
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** What to call a source in errors. */
export function describeSource(source: FileSource | FileTarget): string {
  if (typeof source === 'string') return source;
  if (typeof source !== 'object' || source === null) {
    throw new CeratopsError('INVALID_ARGUMENT', 'not a file', {
      expected: 'a path, a URL, a Blob, a file handle or bytes',
      received: String(source),
    });
  }
  if ('href' in source) return source.href;
  if ('name' in source && typeof source.name === 'string') return source.name;
  return 'bytes in memory';
}

/** @throws CeratopsError INVALID_ARGUMENT when the source cannot be reached. */
export async function readBytes(source: FileSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const subject = describeSource(source);
  try {
    if (typeof source === 'object' && 'getFile' in source) source = await source.getFile();
    if (typeof source === 'object' && 'arrayBuffer' in source) return new Uint8Array(await source.arrayBuffer());
    const fs = nodeBuiltin('node:fs');
    if (isRemote(subject) || (fs === undefined && isPage())) return await download(subject);
    if (fs === undefined) throw noFileSystem(subject, 'give a URL, a Blob, a FileSystemFileHandle or bytes');
    return await fs.promises.readFile(localPath(source));
  } catch (cause) {
    if (cause instanceof CeratopsError) throw cause;
    throw new CeratopsError('INVALID_ARGUMENT', `cannot be read (${(cause as Error).message})`, { subject, cause });
  }
}

/**
 * Writes whole files only: beside the target first, then renamed over it, so a failure leaves the old file as it was.
 * @throws CeratopsError INVALID_ARGUMENT when the target cannot be written, UNSUPPORTED where there are no files at all.
 */
export async function writeBytes(target: FileTarget, bytes: Uint8Array): Promise<void> {
  if (typeof target === 'object' && 'createWritable' in target) return writeToHandle(target, bytes);
  const path = localPath(target);
  const fs = nodeBuiltin('node:fs');
  if (fs === undefined) {
    if (isRemote(path) || !isPage())
      throw noFileSystem(path, 'take the bytes: model.toBytes(), model.weightsToBytes()');
    return offerDownload(path.slice(path.lastIndexOf('/') + 1), bytes);
  }
  const { promises } = fs;
  const partial = `${path}.${Math.random().toString(36).slice(2)}.partial`;
  try {
    await promises.writeFile(partial, bytes);
    await promises.rename(partial, path);
  } catch (cause) {
    await promises.rm(partial, { force: true });
    throw notWritten(path, cause);
  }
}

/** The folder of a path and those above it, where there is a file system. */
export async function makeFolderFor(path: string): Promise<void> {
  const fs = nodeBuiltin('node:fs');
  const folder = localPath(path).replace(/[/\\]?[^/\\]*$/, '');
  if (fs === undefined || folder === '') return;
  try {
    await fs.promises.mkdir(folder, { recursive: true });
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

async function writeToHandle(handle: FileHandleLike, bytes: Uint8Array): Promise<void> {
  let writable: WritableLike | undefined;
  try {
    writable = await handle.createWritable();
    await writable.write(bytes);
    await writable.close();
  } catch (cause) {
    await writable?.abort?.().catch(() => undefined);
    throw notWritten(handle.name, cause);
  }
}

/** The browser's own way to save: a link that downloads. */
function offerDownload(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = pageDocument()!.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the URL after the click, at no time that it tells.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function pageDocument(): { createElement(name: 'a'): Anchor } | undefined {
  return (globalThis as { document?: { createElement(name: 'a'): Anchor } }).document;
}

function isPage(): boolean {
  return pageDocument() !== undefined;
}

function notWritten(subject: string, cause: unknown): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', `cannot be written (${(cause as Error).message})`, { subject, cause });
}

function noFileSystem(subject: string, remedy: string): CeratopsError {
  return new CeratopsError('UNSUPPORTED', 'there is no file system here', { subject, remedy });
}

function isRemote(location: string): boolean {
  return /^(https?|blob|data):/.test(location);
}

function localPath(location: string | UrlLike): string {
  const path = typeof location === 'string' ? location : location.href;
  return path.startsWith('file:') ? decodeURIComponent(new URL(path).pathname) : path;
}

async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok)
    throw new CeratopsError('INVALID_ARGUMENT', `cannot be fetched (HTTP ${response.status})`, { subject: url });
  return new Uint8Array(await response.arrayBuffer());
}
