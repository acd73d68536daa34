/** A small FLAC decoder, written from RFC 9639 alone, for what the encoder makes: it checks both checksums. */
export function decodeFlac(bytes: Uint8Array): { samples: Int16Array; rate: number } {
  const info = new DataView(bytes.buffer, bytes.byteOffset + 8, 34);
  const rate = info.getUint32(10) >>> 12;
  const total = (info.getUint8(13) & 15) * 2 ** 32 + info.getUint32(14);
  const samples = new Int16Array(total);
  let at = 0;
  let position = 42;
  for (let number = 0; at < total; number++) {
    const frame = new Frame(bytes, position);
    const values = frame.decode(number);
    samples.set(values, at);
    at += values.length;
    position = frame.end;
  }
  if (position !== bytes.length) throw new Error("something follows the last frame");
  return { samples, rate };
}

function crc(bytes: Uint8Array, width: number, polynomial: number): number {
  let value = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = (value >> (width - 1)) & 1;
      value = (value << 1) & (2 ** width - 1);
      if (top ^ ((byte >> bit) & 1)) value ^= polynomial;
    }
  }
  return value;
}

class Frame {
  private bit: number;
  end = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly start: number,
  ) {
    this.bit = start * 8;
  }

  private read(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++, this.bit++) {
      value = value * 2 + (((this.bytes[this.bit >> 3] ?? 0) >> (7 - (this.bit & 7))) & 1);
    }
    return value;
  }

  private signed(width: number): number {
    const value = this.read(width);
    return value >= 2 ** (width - 1) ? value - 2 ** width : value;
  }

  decode(expected: number): number[] {
    if (this.read(16) !== 0xfff8) throw new Error("no frame here");
    const sizeCode = this.read(4);
    this.read(4);
    if (this.read(4) !== 0 || this.read(4) !== 8) throw new Error("not one channel of 16 bits");
    if (this.number() !== expected) throw new Error("frames are numbered wrong");
    const size = sizeCode === 12 ? 4096 : this.read(16) + 1;
    const header = this.bytes.subarray(this.start, this.bit / 8);
    if (crc(header, 8, 0x07) !== this.read(8)) throw new Error("bad header checksum");
    const values = this.subframe(size);
    this.bit = Math.ceil(this.bit / 8) * 8;
    const body = this.bytes.subarray(this.start, this.bit / 8);
    if (crc(body, 16, 0x8005) !== this.read(16)) throw new Error("bad frame checksum");
    this.end = this.bit / 8;
    return values;
  }

  private number(): number {
    const first = this.read(8);
    if (first < 0x80) return first;
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    let value = first & (0x3f >> more);
    for (let i = 0; i < more; i++) value = value * 64 + (this.read(8) & 0x3f);
    return value;
  }

  private subframe(size: number): number[] {
    const kind = this.read(8) >> 1;
    if (kind === 0) return Array<number>(size).fill(this.signed(16));
    const order = kind - 8;
    const values = Array.from({ length: order }, () => this.signed(16));
    const residual = this.residual(size, order);
    const weights = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]][order] ?? [];
    for (const rest of residual) {
      values.push(weights.reduce((sum, weight, back) => sum + weight * (values[values.length - 1 - back] ?? 0), rest));
    }
    return values;
  }

  private residual(size: number, order: number): number[] {
    if (this.read(2) !== 0) throw new Error("not four-bit parameters");
    const parts = 2 ** this.read(4);
    const values: number[] = [];
    for (let part = 0; part < parts; part++) {
      const k = this.read(4);
      const until = ((part + 1) * size) / parts - order;
      while (values.length < until) {
        let quotient = 0;
        while (!this.read(1)) quotient++;
        const folded = quotient * 2 ** k + this.read(k);
        values.push(folded % 2 ? -(folded + 1) / 2 : folded / 2);
      }
    }
    return values;
  }
}
