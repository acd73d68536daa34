/** Writes a stream of bits, highest first, as FLAC wants them, and knows its two checksums. */
export class Bits {
  private bytes: Uint8Array<ArrayBuffer>;
  private held = 0;
  private count = 0;
  /** Whole bytes written so far. */
  length = 0;

  constructor(room: number) {
    this.bytes = new Uint8Array(room);
  }

  /** Write the lowest `width` bits of `value`; at most 24. */
  write(value: number, width: number): void {
    this.held = (this.held << width) | value;
    this.count += width;
    while (this.count >= 8) {
      this.count -= 8;
      this.byte((this.held >>> this.count) & 0xff);
    }
    this.held &= (1 << this.count) - 1;
  }

  /** Write one non-negative number as a Rice code with parameter `k`, at most 14. */
  rice(value: number, k: number): void {
    let quotient = value >>> k;
    for (; quotient > 9; quotient -= 8) this.write(0, 8);
    this.write((1 << k) | (value & ((1 << k) - 1)), quotient + 1 + k);
  }

  /** Fill up to the next whole byte with zeros. */
  align(): void {
    if (this.count) this.write(0, 8 - this.count);
  }

  since(start: number): Uint8Array {
    return this.bytes.subarray(start, this.length);
  }

  done(): Uint8Array<ArrayBuffer> {
    this.align();
    return this.bytes.slice(0, this.length);
  }

  private byte(value: number): void {
    if (this.length === this.bytes.length) {
      const wider = new Uint8Array(this.length * 2);
      wider.set(this.bytes);
      this.bytes = wider;
    }
    this.bytes[this.length++] = value;
  }
}

const CRC8 = table(8, 0x07);
const CRC16 = table(16, 0x8005);

function table(width: 8 | 16, polynomial: number): Uint16Array {
  const top = 1 << (width - 1);
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (width - 8);
    for (let i = 0; i < 8; i++) crc = crc & top ? (crc << 1) ^ polynomial : crc << 1;
    return crc & ((1 << width) - 1);
  });
}

export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = CRC8[crc ^ byte] ?? 0;
  return crc;
}

export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (CRC16[(crc >> 8) ^ byte] ?? 0);
  return crc;
}
