/** Where model files come from and go to: paths, URLs, Blobs and plain bytes. */

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
  createWritable(): Promise<{ write(data: Uint8Array): Promise<void>; close(): Promise<void> }>;
}

/** A URL object. */
export interface UrlLike {
  readonly href: string;
}

/** A path (Node, Bun, Deno), an http(s), blob or data URL, a Blob, or the bytes themselves. */
export type FileSource = string | UrlLike | BlobLike | Uint8Array | ArrayBuffer;
export type FileTarget = string | UrlLike | FileHandleLike;

interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

declare const URL: new (url: string) => { readonly pathname: string };
declare const fetch: (url: string) => Promise<FetchResponse>;

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
  if (typeof source === 'object' && 'arrayBuffer' in source) return new Uint8Array(await source.arrayBuffer());
  const subject = describeSource(source);
  try {
    return isRemote(subject) ? await download(subject) : await fileSystem(subject).promises.readFile(localPath(source));
  } catch (cause) {
    if (cause instanceof CeratopsError) throw cause;
    throw new CeratopsError('INVALID_ARGUMENT', `cannot be read (${(cause as Error).message})`, { subject, cause });
  }
}

/** Writes whole files only: beside the target first, then renamed over it, so a failure leaves the old file as it was. */
export async function writeBytes(target: FileTarget, bytes: Uint8Array): Promise<void> {
  if (typeof target === 'object' && 'createWritable' in target) {
    const writable = await target.createWritable();
    await writable.write(bytes);
    await writable.close();
    return;
  }
  const path = localPath(target);
  const { promises } = fileSystem(path);
  const partial = `${path}.${Math.random().toString(36).slice(2)}.partial`;
  try {
    await promises.writeFile(partial, bytes);
    await promises.rename(partial, path);
  } catch (cause) {
    await promises.rm(partial, { force: true });
    throw new CeratopsError('INVALID_ARGUMENT', `cannot be written (${(cause as Error).message})`, {
      subject: path,
      cause,
    });
  }
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

function fileSystem(subject: string): NonNullable<ReturnType<typeof nodeBuiltin<'node:fs'>>> {
  const fs = nodeBuiltin('node:fs');
  if (fs === undefined)
    throw new CeratopsError('UNSUPPORTED', 'there is no file system here', {
      subject,
      remedy: 'give a URL, a Blob, a FileSystemFileHandle or bytes',
    });
  return fs;
}
