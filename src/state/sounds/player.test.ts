/** Playing, on an audio context that notes what is started and stopped. */
import { expect, it, vi } from 'vitest';
import { createPlayer } from './player';

class FakeSource extends EventTarget {
  buffer: { samples: Float32Array } | undefined;
  readonly start = vi.fn<() => void>();
  readonly stop = vi.fn<() => void>();

  connect(): void {}
}

function open() {
  const sources: FakeSource[] = [];
  const made = vi.fn<(channels: number, length: number, rate: number) => object>(() => {
    const buffer = {
      samples: new Float32Array(),
      copyToChannel: (samples: Float32Array) => Object.assign(buffer, { samples }),
    };
    return buffer;
  });
  const context = {
    createBuffer: made,
    createBufferSource() {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    destination: {},
    resume: async () => {},
  };
  const player = createPlayer(() => context as unknown as AudioContext);
  return { player, sources, made, playing: () => player.store.getState().playing };
}

const sound = { samples: Float32Array.of(0, 1, 0), rate: 16_000 };

it('plays the samples at their rate until they end', () => {
  const { player, sources, made, playing } = open();
  player.toggle('a', sound);
  expect(made).toHaveBeenCalledWith(1, 3, 16_000);
  expect(sources[0]!.buffer!.samples).toEqual(sound.samples);
  expect(sources[0]!.start).toHaveBeenCalledOnce();
  expect(playing()).toBe('a');
  sources[0]!.dispatchEvent(new Event('ended'));
  expect(playing()).toBeUndefined();
});

it('stops at the second click, and for another sound', () => {
  const { player, sources, playing } = open();
  player.toggle('a', sound);
  player.toggle('a', sound);
  expect(sources[0]!.stop).toHaveBeenCalled();
  expect(playing()).toBeUndefined();
  player.toggle('a', sound);
  player.toggle('b', sound);
  expect(sources[1]!.stop).toHaveBeenCalled();
  expect(playing()).toBe('b');
  // The stopped one's end is no end of the other.
  sources[1]!.dispatchEvent(new Event('ended'));
  expect(playing()).toBe('b');
});
