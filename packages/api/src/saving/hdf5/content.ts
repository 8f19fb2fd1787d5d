import type { DType, HostArray, Shape } from '@ceratops/kernel-registry';

/** What Ceratops keeps of an HDF5 file: groups and datasets by absolute path (`/layers/dense/vars/0`). */
export interface Hdf5Content {
  readonly groups: readonly Hdf5Group[];
  readonly datasets: readonly Hdf5Dataset[];
}

export type Hdf5Attribute = string | number | readonly string[];

export interface Hdf5Group {
  readonly path: string;
  readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
}

export interface Hdf5Dataset {
  readonly path: string;
  readonly dtype: DType;
  readonly shape: Shape;
  /** Dense, row-major, the dtype's host array. */
  readonly data: HostArray;
  readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
}

/** What the HDF5 library is asked to do; the limits stop files that claim more than they should. */
export type Hdf5Job =
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly memoryLimit: number }
  | { readonly kind: 'write'; readonly content: Hdf5Content; readonly memoryLimit: number };

export type Hdf5Reply =
  | { readonly kind: 'read'; readonly content: Hdf5Content }
  | { readonly kind: 'written'; readonly bytes: Uint8Array }
  /** The file is at fault. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The library does not run here, whatever the file. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** What a worker says: first that its script runs, then its answer. */
export type Hdf5WorkerMessage = Hdf5Reply | { readonly kind: 'started' };
