/**
 * A sound's file as the encoder hears it: decoded and resampled by the browser to the encoder's rate, made
 * mono, cut to what the encoder takes. On the page, as workers have no decoder.
 */
import { Fault } from '../../faults';
import type { Decode } from './inputs';

/** A file of more bytes is not decoded: as samples it may take gigabytes. */
const MOST_BYTES = 50_000_000;

export const decodeSound: Decode = async ({ name, data }, { rate, samples }) => {
  const bad = (problem: string) => new Fault({ kind: 'bad-sound', file: name, problem });
  if (data.size > MOST_BYTES)
    throw bad(
      `It has ${Math.round(data.size / 1e6)} MB, and this page decodes at most ${MOST_BYTES / 1e6}: cut it first.`,
    );
  let buffer: AudioBuffer;
  try {
    // Decoding resamples to the context's rate.
    const context = new OfflineAudioContext({ length: 1, sampleRate: rate });
    buffer = await context.decodeAudioData(await data.arrayBuffer());
  } catch {
    throw bad(`${data.size} bytes of type “${data.type || 'unknown'}” could not be decoded.`);
  }
  if (buffer.length === 0) throw bad('It has no samples.');
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
    buffer.getChannelData(channel).subarray(0, samples),
  );
  return { samples: monoOf(channels), seconds: buffer.length / rate };
};

/** The mean of the channels, as librosa's to_mono. */
export function monoOf(channels: readonly Float32Array[]): Float32Array {
  return Float32Array.from(
    channels[0]!,
    (_, i) => channels.reduce((sum, channel) => sum + channel[i]!, 0) / channels.length,
  );
}
