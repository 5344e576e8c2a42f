/** Holds the bundled shapes world to PyTorch. Exits with an error where it differs. */
import { checkWorld, expectSameTokens, largestError } from '../worlds/against_pytorch';

interface Golden {
  texts: string[];
  pixels: string;
  mean: number[];
  std: number[];
  gpt2: number[][];
  clip: number[][];
  text: number[][];
  image: number[][];
}

await checkWorld<Golden>(import.meta.dirname, 'shapesCheck', async (page, golden) => {
  const result = await page.evaluate(
    ({ texts, pixels, mean, std }) => window.shapesCheck(texts, pixels, mean, std),
    golden,
  );
  for (const name of ['gpt2', 'clip'] as const)
    expectSameTokens(name, golden.texts, golden[name], result[name]);
  console.log('pixel_values', result.processed.shape);
  return {
    text: largestError(golden.text, result.text),
    image: largestError(golden.image, result.image),
    pixels: result.processed.error,
  };
});
