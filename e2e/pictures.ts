/** Pictures for the tests, drawn by the browser itself as a person would draw them elsewhere, and given. */
import type { Page } from '@playwright/test';
import type { UploadFile } from './trainer-page';

export interface Drawing {
  color: string;
  shape: 'circle' | 'square' | 'triangle';
  /** Half the shape's extent in pixels of a 128 × 128 picture. */
  radius: number;
}

const NAME_OF_TYPE = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' } as const;

/** One shape in the middle of a white picture, as a file. */
export async function picture(
  page: Page,
  drawing: Drawing,
  type: keyof typeof NAME_OF_TYPE = 'image/png',
): Promise<UploadFile> {
  const base64 = await page.evaluate(
    async ([{ color, shape, radius }, mimeType]) => {
      const canvas = new OffscreenCanvas(128, 128);
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'white';
      context.fillRect(0, 0, 128, 128);
      context.fillStyle = color;
      context.translate(64, 64);
      context.beginPath();
      if (shape === 'circle') context.arc(0, 0, radius, 0, 2 * Math.PI);
      if (shape === 'square') context.rect(-radius, -radius, 2 * radius, 2 * radius);
      if (shape === 'triangle') {
        context.moveTo(0, -radius);
        context.lineTo(radius, radius);
        context.lineTo(-radius, radius);
      }
      context.fill();
      const bytes = await (await canvas.convertToBlob({ type: mimeType })).bytes();
      return btoa(String.fromCharCode(...bytes));
    },
    [drawing, type] as const,
  );
  return {
    name: `${drawing.color}-${drawing.shape}.${NAME_OF_TYPE[type]}`,
    mimeType: type,
    buffer: Buffer.from(base64, 'base64'),
  };
}

/** Pictures of one colour each, all different: `count` of them, numbered from `first` on. */
export async function photos(page: Page, first: number, count: number): Promise<UploadFile[]> {
  const encoded = await page.evaluate(
    async ([from, n]) => {
      const all: string[] = [];
      for (let i = from; i < from + n; i++) {
        const canvas = new OffscreenCanvas(160, 120);
        const context = canvas.getContext('2d')!;
        context.fillStyle = `hsl(${(i * 47) % 360} 60% ${30 + (i % 40)}%)`;
        context.fillRect(0, 0, 160, 120);
        context.fillStyle = 'white';
        context.fillRect(i, i, 40, 40);
        const bytes = await (await canvas.convertToBlob({ type: 'image/jpeg' })).bytes();
        all.push(btoa(String.fromCharCode(...bytes)));
      }
      return all;
    },
    [first, count] as const,
  );
  return encoded.map((base64, i) => ({
    name: `photo-${first + i}.jpg`,
    mimeType: 'image/jpeg',
    buffer: Buffer.from(base64, 'base64'),
  }));
}

/** Dispatches what the browser sends on a paste or a drop of this file. */
export async function transfer(
  page: Page,
  event: 'paste' | 'drop',
  file: UploadFile,
): Promise<void> {
  await page.evaluate(
    ([type, name, mimeType, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type: mimeType }));
      const common = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        type === 'paste'
          ? new ClipboardEvent(type, { ...common, clipboardData: data })
          : new DragEvent(type, { ...common, dataTransfer: data }),
      );
    },
    [event, file.name, file.mimeType, file.buffer.toString('base64')] as const,
  );
}
