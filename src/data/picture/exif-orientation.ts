/** The orientation (1 … 8; 5 and above lie on their side) in a JPEG's APP1 segment, or 1 where it says none. */
export function readExifOrientation(segment: Uint8Array): number {
  const isExif = [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, i) => segment[i] === byte);
  if (!isExif) return 1;
  const tiff = new DataView(segment.buffer, segment.byteOffset + 6, segment.byteLength - 6);
  try {
    const isLittle = tiff.getUint16(0) === 0x4949;
    const directory = tiff.getUint32(4, isLittle);
    const count = tiff.getUint16(directory, isLittle);
    for (let i = 0; i < count; i++) {
      const at = directory + 2 + i * 12;
      if (tiff.getUint16(at, isLittle) === ORIENTATION_TAG) return tiff.getUint16(at + 8, isLittle);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

const ORIENTATION_TAG = 0x0112;
