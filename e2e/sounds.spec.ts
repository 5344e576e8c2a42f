/** The world of sounds: a dropped sound is heard as its spectrogram, captioned, and trained beside. */
import { expect, test } from '@playwright/test';
import { transfer } from './pictures';
import { TrainerPage, type UploadFile } from './trainer-page';

const RATE = 44_100;
const SMALL_RUN = { imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 64 };

/** Three seconds of struck notes, stereo, 16 bits: a file as other programs write it. */
function wav(): UploadFile {
  const samples = 3 * RATE;
  const data = Buffer.alloc(samples * 4);
  for (let i = 0; i < samples; i++) {
    const sinceStroke = (i / RATE) % 0.5;
    const value = Math.sin((2 * Math.PI * 440 * i) / RATE) * Math.exp(-6 * sinceStroke);
    data.writeInt16LE(Math.round(12_000 * value), 4 * i);
    data.writeInt16LE(Math.round(6000 * value), 4 * i + 2);
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(4 * RATE, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return { name: 'strokes.wav', mimeType: 'audio/wav', buffer: Buffer.concat([head, data]) };
}

test('a dropped sound is shown, captioned, played and scored as the run goes on', async ({
  page,
}) => {
  const trainer = new TrainerPage(page);
  await trainer.open({ ...SMALL_RUN, lm: 'sounds/gpt2', clip: 'sounds/clap' });
  await expect(page.getByRole('tab', { name: 'Draw' })).toHaveCount(0);

  await transfer(page, 'drop', wav());
  const given = page.getByRole('list', { name: 'Your sounds' }).getByRole('listitem');
  await expect(given).toHaveCount(1);
  await expect(trainer.captionNow).toHaveText(/\w/);
  await expect(page.getByText(/Of the 3\.0 s of strokes\.wav the first 2 s/)).toBeVisible();
  const spectrogram = page.getByRole('region', { name: 'Your sound' }).getByAltText('strokes.wav');
  const size = await spectrogram.first().evaluate((image: HTMLImageElement) => ({
    width: image.naturalWidth,
    height: image.naturalHeight,
  }));
  expect(size).toEqual({ width: 64, height: 64 });
  await page.getByRole('button', { name: 'Play strokes.wav' }).click();
  await expect(page.getByRole('button', { name: 'Stop strokes.wav' })).toBeVisible();

  const score = page.getByRole('region', { name: 'Your sound' }).getByText(/^-?\d\.\d{3}$/);
  const before = await score.innerText();
  await trainer.steps(2);
  await expect(score).not.toHaveText(before);
  await expect(trainer.fault).toHaveCount(0);
});
