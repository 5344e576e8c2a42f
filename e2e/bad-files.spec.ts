/** Files that cannot be used: the page says what is wrong with each, and nothing changes. */
import { expect, test } from '@playwright/test';
import { picture } from './pictures';
import { parseSafetensors, writeSafetensors } from './safetensors';
import { TrainerPage, type UploadFile } from './trainer-page';

const prefixFile = (name: string, buffer: Buffer): UploadFile => ({
  name,
  mimeType: 'application/octet-stream',
  buffer,
});

test('bad weights and bad pictures are refused in words, and captions stay', async ({ page }) => {
  const trainer = new TrainerPage(page);
  await trainer.open();
  const circle = await picture(page, { color: 'blue', shape: 'circle', radius: 30 });
  await trainer.give(circle);
  const good = await trainer.exportFile();
  const captions = await trainer.captions();

  const { header, metadata, data } = parseSafetensors(good.buffer);
  const [first] = Object.entries(header);
  if (!first) throw new Error('the export has no tensors');
  const [name, tensor] = first;
  const transposed = { ...header, [name]: { ...tensor, shape: tensor.shape.toReversed() } };
  const { [name]: _, ...lacking } = header;

  const refused: readonly (readonly [UploadFile, RegExp])[] = [
    [prefixFile('truncated.safetensors', good.buffer.subarray(0, -1000)), /truncated\.safetensors/],
    [prefixFile('empty.safetensors', Buffer.alloc(0)), /empty\.safetensors/],
    [
      prefixFile('shape.safetensors', writeSafetensors({ header: transposed, metadata, data })),
      new RegExp(name.replaceAll('.', '\\.')),
    ],
    [
      prefixFile('lacking.safetensors', writeSafetensors({ header: lacking, metadata, data })),
      /lacking\.safetensors/,
    ],
    [prefixFile('picture.safetensors', circle.buffer), /picture\.safetensors/],
  ];
  for (const [file, words] of refused)
    await test.step(file.name, async () => {
      await trainer.importFile(file);
      await expect(trainer.fault).toContainText(words);
      await expect(trainer.fault).toContainText('Nothing was changed');
      expect(await trainer.captions()).toEqual(captions);
    });

  await test.step('a broken PNG', async () => {
    const broken = { ...circle, name: 'broken.png', buffer: circle.buffer.subarray(0, 60) };
    await trainer.giveBroken(broken);
    await expect(trainer.fault).toContainText('broken.png');
    expect(await trainer.captions()).toEqual(captions);
  });

  await test.step('the good file still loads, and takes the alert away', async () => {
    await trainer.importFile(good);
    await expect(trainer.fault).toHaveCount(0);
    expect(await trainer.captions()).toEqual(captions);
    await trainer.expectStatus('ready');
  });
});
