import { describe, expect, it } from 'vitest';
import { Fault } from '../../faults';
import type { EncoderNews } from '../../worker/protocol';
import { monoOf } from './decode';
import { type Decode, inputsOf } from './inputs';

const LISTENS: EncoderNews = {
  modality: 'sound',
  hearing: { rate: 100, samples: 200 },
  attributes: [],
};
const LOOKS: EncoderNews = { modality: 'picture', hearing: undefined, attributes: [] };
const file = (name: string, type: string) => ({ name, data: new Blob(['12'], { type }) });
const wav = file('a.wav', 'audio/wav');
const png = file('a.png', 'image/png');

/** Of a file its length in seconds, as its text says. */
const decode: Decode = async ({ name, data }, { rate, samples }) => {
  if (name.startsWith('broken'))
    throw new Fault({ kind: 'bad-sound', file: name, problem: 'broken' });
  const seconds = Number(await data.text());
  return { samples: new Float32Array(Math.min(samples, seconds * rate)), seconds };
};

describe('what was given', () => {
  it('is decoded for an encoder that listens, and cut with words', async () => {
    const { inputs, faults, notes } = await inputsOf([wav], LISTENS, decode);
    expect(inputs).toEqual([{ name: 'a.wav', data: new Float32Array(200) }]);
    expect(faults).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/12\.0 s of a\.wav the first 2 s/)]);
  });

  it('is not spoken of where nothing is cut', async () => {
    const short = { name: 'b.ogg', data: new Blob(['1'], { type: '' }) };
    const { inputs, notes } = await inputsOf([short], LISTENS, decode);
    expect(inputs[0]!.data).toHaveLength(100);
    expect(notes).toEqual([]);
  });

  it('goes as it is where it is samples already, or a picture', async () => {
    const samples = { name: 'drawn', data: Float32Array.of(1, 2) };
    expect((await inputsOf([samples], LISTENS, decode)).inputs).toEqual([samples]);
    expect((await inputsOf([png], LOOKS, decode)).inputs).toEqual([png]);
    expect((await inputsOf([png], undefined, decode)).inputs).toEqual([png]);
  });

  it('is refused in words where it is of the other kind or broken; the rest is kept', async () => {
    const broken = file('broken.mp3', 'audio/mpeg');
    const heard = await inputsOf([png, broken, wav], LISTENS, decode);
    expect(heard.inputs.map(({ name }) => name)).toEqual(['a.wav']);
    expect(heard.faults).toEqual([
      { kind: 'other-modality', file: 'a.png', wanted: 'sound' },
      { kind: 'bad-sound', file: 'broken.mp3', problem: 'broken' },
    ]);
    const seen = await inputsOf([png, wav], LOOKS, decode);
    expect(seen.inputs).toEqual([png]);
    expect(seen.faults).toEqual([{ kind: 'other-modality', file: 'a.wav', wanted: 'picture' }]);
  });
});

it('makes the mean of the channels', () => {
  expect(monoOf([Float32Array.of(1, 0), Float32Array.of(0, -0.5)])).toEqual(
    Float32Array.of(0.5, -0.25),
  );
  expect(monoOf([Float32Array.of(0.25)])).toEqual(Float32Array.of(0.25));
});
