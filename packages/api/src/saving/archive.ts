/** `.keras` archives: a zip whose members are stored, not deflated, as Keras writes them. Deflated members are read too. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { unzip, zip } from 'fflate';
import { crc32, declaredChecksums } from './checksums.js';

export type Archive = Readonly<Record<string, Uint8Array>>;

/** More than this many bytes inside one archive is refused; a `.keras` file of this size would not fit memory anyway. */
const maximumBytes = 2 ** 32;

const hdf5Signature = [0x89, 0x48, 0x44, 0x46];

/** @throws CeratopsError MALFORMED_INPUT for a broken zip. */
export async function readArchive(bytes: Uint8Array, subject: string): Promise<Archive> {
  if (hdf5Signature.every((byte, i) => bytes[i] === byte)) {
    throw new CeratopsError('MALFORMED_INPUT', 'is an HDF5 file', {
      subject,
      expected: 'a .keras zip archive',
      remedy: 'weights alone: model.loadWeights(…); a whole model: save it as .keras in Python Keras 3',
    });
  }
  return new Promise((resolve, reject) => {
    const refuse = (problem: string, cause?: unknown): void =>
      reject(new CeratopsError('MALFORMED_INPUT', problem, { subject, expected: 'a .keras zip archive', cause }));
    let total = 0;
    try {
      unzip(
        bytes,
        {
          filter: ({ originalSize }) => {
            total += originalSize;
            return total <= maximumBytes;
          },
        },
        (error, members) => {
          if (error) refuse(`is not a sound zip archive (${error.message})`, error);
          else if (total > maximumBytes) refuse(`claims to hold ${total} bytes`);
          else {
            const damaged = damagedMember(bytes, members);
            if (damaged === undefined) resolve(members);
            else refuse(`is damaged: the checksum of ${damaged} is another`);
          }
        },
      );
    } catch (error) {
      refuse('is not a sound zip archive', error);
    }
  });
}

function damagedMember(bytes: Uint8Array, members: Archive): string | undefined {
  const declared = declaredChecksums(bytes);
  return Object.keys(members).find((name) => declared.get(name) !== crc32(members[name]!));
}

export function writeArchive(members: Archive): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zip(members, { level: 0 }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}
