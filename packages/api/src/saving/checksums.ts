/** The checksums of a zip archive, which the library that unpacks it does not look at. */

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const longestComment = 0xffff;

let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
  });
}

/** CRC-32 as zip archives use it (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  table ??= makeTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/** What the archive's directory says of its members; empty where there is no directory (APPNOTE.TXT 4.3.12 and 4.3.16). */
export function declaredChecksums(archive: Uint8Array): Map<string, number> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const checksums = new Map<string, number>();
  let end = archive.length - endBytes;
  const first = Math.max(0, end - longestComment);
  while (end >= first && view.getUint32(end, true) !== endSignature) end--;
  if (end < first) return checksums;
  let at = view.getUint32(end + 16, true);
  while (at + 46 <= archive.length && view.getUint32(at, true) === entrySignature) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const start = at + 46;
    checksums.set(new TextDecoder().decode(archive.subarray(start, start + name)), view.getUint32(at + 16, true));
    at = start + name + extra + comment;
  }
  return checksums;
}

declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}
