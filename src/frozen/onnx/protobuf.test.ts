import { describe, expect, it } from 'vitest';
import { Message } from './protobuf';

const hex = (message: Message) => Buffer.from(message.finish()).toString('hex');

describe('protocol buffer messages', () => {
  // Expected bytes from protobuf.dev, "Encoding".
  it.each([
    ['a varint', new Message().int(1, 150), '089601'],
    ['a string', new Message().string(2, 'testing'), '120774657374696e67'],
    ['a nested message', new Message().message(3, new Message().int(1, 150)), '1a03089601'],
    ['minus two in ten bytes', new Message().int(1, -2), '08feffffffffffffffff01'],
    ['a float', new Message().float(2, 1), '150000803f'],
    ['a repeated integer', new Message().ints(8, [3, 270]), '4003408e02'],
    ['a field number beyond 15', new Message().int(20, 7), 'a00107'],
    ['nothing', new Message(), ''],
  ])('encode %s', (_, message, expected) => {
    expect(hex(message)).toBe(expected);
  });
});
