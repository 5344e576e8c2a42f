import { expect, it } from 'vitest';
import { buildFor } from './build';

it('is the JSPI build where the browser suspends WASM itself', () => {
  expect(buildFor('webgpu', { Suspending: Function })).toBe('jspi');
});

it('is the asyncify build where it does not', () => {
  expect(buildFor('webgpu', {})).toBe('asyncify');
});

it('has no WebGPU where no session runs on it', () => {
  expect(buildFor('wasm', { Suspending: Function })).toBe('plain');
});
