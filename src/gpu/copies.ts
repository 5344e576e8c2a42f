/** Steps between kernel calls that move or clear bytes. */
import type { Commands, Step } from './kernel';
import type { Tensor } from './tensor';

/** A copy between tensors, in elements of 4 bytes. */
export class Copy implements Step {
  readonly #source: Tensor;
  readonly #target: Tensor;
  readonly #range: { from: number; to: number; count: number };

  constructor(source: Tensor, target: Tensor, range?: { from: number; to: number; count: number }) {
    this.#source = source;
    this.#target = target;
    this.#range = range ?? { from: 0, to: 0, count: source.size };
  }

  encode(commands: Commands): void {
    const { from, to, count } = this.#range;
    commands
      .copies()
      .copyBufferToBuffer(this.#source.buffer, from * 4, this.#target.buffer, to * 4, count * 4);
  }
}

/** Zeroes a tensor. */
export class Clear implements Step {
  readonly #tensor: Tensor;

  constructor(tensor: Tensor) {
    this.#tensor = tensor;
  }

  encode(commands: Commands): void {
    commands.copies().clearBuffer(this.#tensor.buffer);
  }
}
