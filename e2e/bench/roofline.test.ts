/** The counts against operators counted one by one, as loops would do them. */
import { expect, it } from 'vitest';
import {
  backwardPass,
  decoding,
  forwardPass,
  headBackward,
  layersBackward,
  layersForward,
  optimiser,
  product,
  trainedBackward,
  trainedForward,
} from './roofline';

const NET = { D: 6, N: 3 };

it('a product multiplies and adds once for each of M × K × N', () => {
  let flop = 0;
  for (let m = 0; m < 3; m++) for (let n = 0; n < 5; n++) for (let k = 0; k < 4; k++) flop += 2;
  expect(product(3, 4, 5)).toEqual({ flop, bytes: 4 * (12 + 20 + 15) });
});

it('a pass has twelve D × D products a position and layer, and attention to what came before', () => {
  const [B, L] = [2, 5];
  let attended = 0;
  for (let i = 0; i < L; i++) for (let j = 0; j <= i; j++) attended += 2 * 2 * NET.D;
  const { flop } = forwardPass(NET, B, L);
  expect(flop).toBe(NET.N * B * (L * 2 * 12 * NET.D ** 2 + attended));
  const unmasked = forwardPass(NET, B, L, false).flop - flop;
  expect(unmasked).toBe(NET.N * B * 2 * 2 * NET.D * ((L * (L - 1)) / 2));
  expect(backwardPass(NET, B, L).flop - flop).toBe((NET.N * B * attended * 3) / 2);
});

it('training leaves out what the loss does not read and what does not learn', () => {
  const [B, L, T, P] = [2, 7, 4, 3];
  const { D, N } = NET;
  const square = 2 * D * D;
  let forward = 0;
  let backward = 0;
  for (let layer = 0; layer < N; layer++)
    for (let i = 0; i < L; i++) {
      const isAsked = layer < N - 1 || i >= L - T;
      const isWanted = (j: number) => layer > 0 || j < P;
      forward += 3 * square + (isAsked ? 9 * square : 0);
      backward += (isAsked ? 9 * square : 0) + (isWanted(i) ? 3 * square : 0);
      for (let j = 0; j <= i; j++) {
        forward += isAsked ? 4 * D : 0;
        backward += isAsked && isWanted(j) ? 10 * D : 0;
      }
    }
  expect(trainedForward(NET, B, L, T).flop).toBe(B * forward);
  expect(trainedBackward(NET, B, L, { T, P }).flop).toBe(B * backward);
  const { bytes } = forwardPass(NET, B, L);
  expect(trainedForward(NET, B, L, T).bytes).toBeLessThan(bytes);
  expect(trainedForward(NET, B, L, L)).toEqual(forwardPass(NET, B, L));
});

it('the matrices of a pass are read once, however many rows there are', () => {
  const grown = forwardPass(NET, 2, 1).bytes - forwardPass(NET, 1, 1).bytes;
  const weights = forwardPass(NET, 1, 1).bytes - grown;
  expect(weights).toBe(NET.N * 4 * 12 * NET.D ** 2);
});

it('decoding with a cache does the arithmetic of one pass over all positions, and reads the matrices each time', () => {
  const [V, B, Q, T] = [11, 2, 3, 4];
  const heads = T * 2 * B * NET.D * V;
  expect(decoding(NET, V, B, Q, T).flop).toBe(forwardPass(NET, B, Q + T - 1).flop + heads);
  expect(decoding(NET, V, B, Q, T).bytes).toBeGreaterThan((T - 1) * NET.N * 4 * 12 * NET.D ** 2);
});

it('a way back has a product for each input but the first, the optimiser one for each matrix', () => {
  const widths = [2, 3, 7];
  const R = 5;
  expect(layersForward(widths, R).flop).toBe(2 * R * (2 * 3 + 3 * 7));
  expect(layersBackward(widths, R)).toEqual(product(R, 7, 3));
  const gradients = optimiser(widths, R, 0);
  expect(gradients).toEqual({ flop: 2 * R * (2 * 3 + 3 * 7), bytes: 4 * R * (2 + 3 + 3 + 7) });
  expect(optimiser(widths, R, 10).bytes - gradients.bytes).toBe(4 * 10 * 6);
  expect(headBackward(6, 11, R)).toEqual({
    flop: 2 * R * 6 * 11,
    bytes: 4 * (R * 11 + 11 * 6 + R * 6),
  });
});
