import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drawNever, drawSoon } from './frameQueue';

let frames: FrameRequestCallback[] = [];
const nextFrame = () => frames.splice(0).forEach((callback) => callback(0));

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
});
afterEach(() => void vi.unstubAllGlobals());

test('draws one chart a frame, each once however often it was asked for', () => {
  const drawn: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => () => void drawn.push(name)) as [
    () => void,
    () => void,
    () => void,
  ];
  for (const draw of [a, b, a, c, a]) drawSoon(draw);
  drawNever(b);
  nextFrame();
  expect(drawn).toEqual(['a']);
  nextFrame();
  expect(drawn).toEqual(['a', 'c']);
  nextFrame();
  expect(drawn).toEqual(['a', 'c']);
  drawSoon(b);
  nextFrame();
  expect(drawn).toEqual(['a', 'c', 'b']);
  frames = [];
});
